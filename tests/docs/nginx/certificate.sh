# certificate.sh NAME: makes NAME.pem and NAME.key in the working folder.
exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 \
    -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -keyout "$1.key" -out "$1.pem" 2>openssl.log

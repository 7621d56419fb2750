// The client under its stable address, /assets/anteroom.js: what pages import from a server. Its modules are in client/,
// and may change their names and places with any version; this address does not.
export * from './client/anteroom.js';

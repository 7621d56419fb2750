// Emoji by their short names. Imports nothing, so that the page loads it only when it is needed.

/**
 * @typedef {{emoji: string, names: string[], words: string[]}} Emoji  words: found by a search, but not names
 * @typedef {{name: string, emoji: Emoji[]}} Group
 */

// Of each emoji: its names, of which the first is shown, and /words that find it too.
const TABLE = {
    Smileys: `
😀 grinning /happy, 😄 smile /happy, 😃 smiley /happy, 😁 grin, 😆 laughing satisfied, 😅 sweat_smile, 🤣 rofl,
😂 joy /laugh /lol, 🙂 slightly_smiling_face, 🙃 upside_down_face, 🫠 melting_face, 😉 wink, 😊 blush, 😇 innocent /angel,
🥰 smiling_face_with_three_hearts /love, 😍 heart_eyes /love, 🤩 star_struck, 😘 kissing_heart /love, ☺️ relaxed,
🥲 smiling_face_with_tear, 😋 yum, 😛 stuck_out_tongue, 😜 stuck_out_tongue_winking_eye, 🤪 zany_face /crazy, 🤗 hugs hugging,
🤭 hand_over_mouth, 🤫 shushing_face /quiet, 🤔 thinking /hmm, 🫡 saluting_face /salute, 🤐 zipper_mouth_face,
🤨 raised_eyebrow, 😐 neutral_face, 😑 expressionless, 😶 no_mouth, 😏 smirk, 😒 unamused, 🙄 roll_eyes rolling_eyes,
😬 grimacing, 🤥 lying_face, 😌 relieved, 😔 pensive /sad, 😪 sleepy, 🤤 drooling_face, 😴 sleeping, 😷 mask /sick,
🤒 face_with_thermometer /sick, 🤕 face_with_head_bandage /hurt, 🤢 nauseated_face, 🤮 vomiting_face, 🥵 hot_face,
🥶 cold_face /freezing, 😵 dizzy_face, 🤯 exploding_head /mind_blown, 🤠 cowboy_hat_face, 🥳 partying_face, 😎 sunglasses,
🤓 nerd_face, 🧐 monocle_face, 😕 confused, 😟 worried, ☹️ frowning_face, 😮 open_mouth /wow, 😲 astonished /wow, 😳 flushed,
🥺 pleading_face, 🥹 face_holding_back_tears, 😨 fearful, 😰 cold_sweat, 😥 disappointed_relieved, 😢 cry /sad, 😭 sob /crying,
😱 scream, 😞 disappointed /sad, 😓 sweat, 😩 weary, 😫 tired_face, 🥱 yawning_face /bored, 😤 triumph, 😡 rage pout, 😠 angry,
🤬 cursing_face, 😈 smiling_imp /devil, 💀 skull /dead, 💩 poop hankey, 🤡 clown_face, 👻 ghost, 👽 alien, 🤖 robot,
😺 smiley_cat, 😹 joy_cat, 😻 heart_eyes_cat, 🙈 see_no_evil, 🙉 hear_no_evil, 🙊 speak_no_evil`,
    'People and gestures': `
👍 thumbsup +1 /up /yes, 👎 thumbsdown -1 /down /no, 👌 ok_hand, 👏 clap /applause, 🙌 raised_hands /hooray,
🙏 pray /please /thanks, 🤝 handshake /deal, 💪 muscle /strong, 👋 wave /hello /bye, ✋ hand raised_hand /stop,
🖖 vulcan_salute, 🤌 pinched_fingers, 🤏 pinching_hand, ✌️ v /peace /victory, 🤞 crossed_fingers /luck, 🤟 love_you_gesture,
🤘 metal /rock, 🤙 call_me_hand, 👈 point_left, 👉 point_right, 👆 point_up_2, 👇 point_down, ☝️ point_up, ✊ fist,
👊 punch facepunch, 🫶 heart_hands /love, 👐 open_hands, ✍️ writing_hand, 💅 nail_care, 🧠 brain, 👀 eyes /look, 👅 tongue,
👶 baby, 🤦 facepalm, 🤷 shrug, 🙋 raising_hand, 🙅 no_good, 🙆 ok_person, 💁 tipping_hand_person, 🙇 bow /sorry,
🏃 runner running, 🚶 walking, 💃 dancer, 🕺 man_dancing, 🧑‍💻 technologist, 🧑‍🚀 astronaut, 🦸 superhero, 🧙 mage /wizard,
🧟 zombie, 🥷 ninja, 🎅 santa, 🗣️ speaking_head`,
    Hearts: `
❤️ heart /love, 🩷 pink_heart, 🧡 orange_heart, 💛 yellow_heart, 💚 green_heart, 💙 blue_heart, 🩵 light_blue_heart,
💜 purple_heart, 🤎 brown_heart, 🖤 black_heart, 🤍 white_heart, 💔 broken_heart, ❤️‍🔥 heart_on_fire, ❤️‍🩹 mending_heart,
💕 two_hearts, 💓 heartbeat, 💖 sparkling_heart, 💝 gift_heart, 💋 kiss, 💌 love_letter`,
    'Animals and plants': `
🐶 dog, 🐱 cat, 🐭 mouse, 🐰 rabbit, 🦊 fox_face, 🐻 bear, 🐼 panda_face, 🐨 koala, 🐯 tiger, 🦁 lion, 🐮 cow, 🐷 pig, 🐸 frog,
🐵 monkey_face, 🐔 chicken, 🐧 penguin, 🐦 bird, 🦆 duck, 🦅 eagle, 🦉 owl, 🦇 bat, 🐺 wolf, 🐴 horse, 🦄 unicorn, 🐝 bee honeybee,
🐛 bug, 🦋 butterfly, 🐞 lady_beetle, 🐜 ant, 🕷️ spider, 🐢 turtle, 🐍 snake /python, 🦖 t-rex, 🐙 octopus, 🦀 crab /rust,
🐟 fish, 🐬 dolphin, 🐳 whale, 🦈 shark, 🐘 elephant, 🦒 giraffe, 🐑 sheep, 🐐 goat, 🦙 llama, 🦥 sloth, 🦔 hedgehog,
🐾 paw_prints feet, 🌵 cactus, 🎄 christmas_tree, 🌲 evergreen_tree, 🌴 palm_tree, 🌱 seedling, 🍀 four_leaf_clover /luck,
🍁 maple_leaf, 🍂 fallen_leaf, 🍄 mushroom, 🌹 rose, 🌻 sunflower, 🌸 cherry_blossom, 💐 bouquet /flowers`,
    'Food and drink': `
🍎 apple, 🍌 banana, 🍋 lemon, 🍊 tangerine orange, 🍉 watermelon, 🍓 strawberry, 🍒 cherries, 🍑 peach, 🍍 pineapple, 🍅 tomato,
🥑 avocado, 🍆 eggplant, 🥕 carrot, 🌽 corn, 🍞 bread, 🥐 croissant, 🧀 cheese, 🥚 egg, 🍳 fried_egg cooking, 🥞 pancakes,
🍔 hamburger, 🍟 fries, 🍕 pizza, 🌭 hotdog, 🥪 sandwich, 🌮 taco, 🥗 green_salad, 🍿 popcorn, 🍜 ramen, 🍝 spaghetti /pasta,
🍣 sushi, 🍚 rice, 🍪 cookie, 🎂 birthday, 🍰 cake, 🍫 chocolate_bar, 🍩 doughnut, 🍦 icecream, ☕ coffee, 🍵 tea, 🍺 beer,
🍻 beers /cheers, 🥂 clinking_glasses /cheers, 🍷 wine_glass, 🍸 cocktail, 🍹 tropical_drink, 🥤 cup_with_straw, 🍾 champagne,
🍽️ plate_with_cutlery /lunch /dinner`,
    Activities: `
🎉 tada /party /congratulations, 🎊 confetti_ball, 🎈 balloon, 🎁 gift /present, 🎃 jack_o_lantern, 🏆 trophy /win,
🥇 1st_place_medal /gold, 🥈 2nd_place_medal /silver, 🥉 3rd_place_medal /bronze, 🏅 medal_sports, ⚽ soccer, 🏀 basketball,
🏈 football, ⚾ baseball, 🎾 tennis, 🏓 ping_pong, 🥊 boxing_glove, ⛳ golf, 🎯 dart /target, 🎱 8ball, 🎮 video_game,
🕹️ joystick, 🎲 game_die, 🧩 jigsaw /puzzle, ♟️ chess_pawn, 🎸 guitar, 🎹 musical_keyboard /piano, 🎷 saxophone, 🎺 trumpet,
🎻 violin, 🥁 drum, 🎤 microphone, 🎧 headphones, 🎵 musical_note, 🎶 notes /music, 🎨 art, 🎭 performing_arts, 🎫 ticket,
🏊 swimmer, 🚴 bicyclist, 🧗 climbing, 🏄 surfer`,
    'Travel and weather': `
🚗 car, 🚕 taxi, 🚌 bus, 🚑 ambulance, 🚒 fire_engine, 🚓 police_car, 🚚 truck, 🚜 tractor, 🚲 bike, 🚂 steam_locomotive,
✈️ airplane /flight, 🚀 rocket /launch, 🛸 flying_saucer /ufo, 🚁 helicopter, ⛵ sailboat, 🚢 ship, ⚓ anchor,
🚧 construction /wip, 🚦 vertical_traffic_light, 🗺️ world_map, 🗿 moyai, 🏠 house, 🏢 office, 🏥 hospital, 🏫 school,
🏭 factory, 🏰 european_castle, ⛺ tent, 🏖️ beach_umbrella, 🏝️ desert_island, ⛰️ mountain, 🌋 volcano, 🌍 earth_africa,
🌎 earth_americas, 🌏 earth_asia, 🌅 sunrise /morning, 🌈 rainbow, ☀️ sunny /sun, ☁️ cloud, 🌧️ cloud_with_rain,
⚡ zap /lightning /fast, ❄️ snowflake, ⛄ snowman, ☔ umbrella /rain, 🌊 ocean, 🔥 fire /hot, 💧 droplet, 🌙 crescent_moon,
🌕 full_moon, ⭐ star, 🌟 star2, ✨ sparkles, 💫 dizzy, ☄️ comet, 🪐 ringed_planet`,
    Objects: `
⌚ watch, 📱 iphone /phone, 💻 computer /laptop, ⌨️ keyboard, 🖥️ desktop_computer, 🖨️ printer, 🖱️ computer_mouse,
💾 floppy_disk /save, 💿 cd, 📷 camera, 🎥 movie_camera, 📺 tv, ☎️ phone telephone, ⏰ alarm_clock, ⏳ hourglass_flowing_sand,
🔋 battery, 🔌 electric_plug, 💡 bulb /idea, 🔦 flashlight, 💸 money_with_wings, 💵 dollar, 💰 moneybag, 💳 credit_card, 💎 gem,
🔧 wrench, 🔨 hammer, 🛠️ hammer_and_wrench, ⚙️ gear, 🧰 toolbox, 🧲 magnet, 🧪 test_tube, 🔬 microscope, 🔭 telescope,
📡 satellite, 💣 bomb, 🔪 knife hocho, 🛡️ shield, 🔮 crystal_ball, 💊 pill, 💉 syringe, 🚪 door, 🛏️ bed, 🚽 toilet,
🧹 broom /clean, 🔑 key, 🔒 lock, 🔓 unlock, 🔔 bell, 🔕 no_bell /mute, ✉️ envelope /mail, 📧 e-mail email, 📦 package, 📅 date,
📆 calendar, 📌 pushpin, 📍 round_pushpin, 📎 paperclip, ✂️ scissors, 📝 memo pencil, ✏️ pencil2, 🖊️ pen, 📖 book, 📚 books,
📰 newspaper, 📈 chart_with_upwards_trend /growth, 📉 chart_with_downwards_trend, 📊 bar_chart, 📋 clipboard, 📁 file_folder,
🗑️ wastebasket /trash, 🔍 mag /search, 👓 eyeglasses, 👕 shirt, 👑 crown, 🎓 mortar_board, 💍 ring, 📣 mega, 🔗 link`,
    Symbols: `
✅ white_check_mark /done /yes, ✔️ heavy_check_mark, ❌ x /no, ➕ heavy_plus_sign, ➖ heavy_minus_sign, ❓ question,
❗ exclamation, ‼️ bangbang, ⚠️ warning, 🚫 no_entry_sign, ⛔ no_entry, 🛑 stop_sign, 💯 100 /hundred, 💢 anger,
💥 boom collision, 💦 sweat_drops, 💨 dash, 💤 zzz, 💬 speech_balloon, 💭 thought_balloon, ♻️ recycle,
🔄 arrows_counterclockwise, ⬆️ arrow_up, ⬇️ arrow_down, ⬅️ arrow_left, ➡️ arrow_right, 🔙 back, 🔜 soon, 🔝 top, 🆕 new,
🆓 free, 🆗 ok, 🆒 cool, 🆘 sos /help, ℹ️ information_source, 🔴 red_circle, 🟠 orange_circle, 🟡 yellow_circle,
🟢 green_circle, 🔵 large_blue_circle, 🟣 purple_circle, ⚫ black_circle, ⚪ white_circle, ▶️ arrow_forward /play,
⏸️ pause_button, ⏹️ stop_button, ⏩ fast_forward, 🔁 repeat, ♾️ infinity, 0️⃣ zero, 1️⃣ one, 2️⃣ two, 3️⃣ three, 4️⃣ four,
5️⃣ five, 6️⃣ six, 7️⃣ seven, 8️⃣ eight, 9️⃣ nine`,
    Flags: `
🏁 checkered_flag /finish, 🚩 triangular_flag_on_post, 🏳️ white_flag, 🏴 black_flag, 🏳️‍🌈 rainbow_flag /pride,
🏳️‍⚧️ transgender_flag, 🏴‍☠️ pirate_flag, 🇪🇺 eu european_union, 🇺🇳 united_nations, 🇦🇺 australia, 🇧🇷 brazil, 🇨🇦 canada,
🇨🇳 cn /china, 🇩🇪 de /germany, 🇪🇸 es /spain, 🇫🇷 fr /france, 🇬🇧 gb uk, 🇮🇳 india, 🇮🇹 it /italy, 🇯🇵 jp /japan, 🇰🇷 kr /korea,
🇲🇽 mexico, 🇵🇱 poland, 🇺🇦 ukraine, 🇺🇸 us /america, 🇿🇦 south_africa`,
};

/** @type {Group[]} in the order of the picker */
export const groups = Object.entries(TABLE).map(([name, text]) => ({ name, emoji: text.split(',').map(entry) }));

const all = groups.flatMap(({ emoji }) => emoji);
const byName = new Map(all.flatMap(({ emoji, names }) => names.map((name) => [name, emoji])));
const byEmoji = new Map(all.map((each) => [plain(each.emoji), each]));

function entry(text) {
    const [emoji, ...rest] = text.trim().split(' ');
    const names = rest.filter((word) => !word.startsWith('/'));
    const words = rest.filter((word) => word.startsWith('/')).map((word) => word.slice(1));
    return { emoji, names, words };
}

/** Without the mark that asks for colours: some systems leave it out. */
function plain(emoji) {
    return emoji.replaceAll('\ufe0f', '');
}

/** The emoji of a name without its colons; undefined if there is none. */
export function emojiOf(name) {
    return byName.get(name.toLowerCase());
}

/** The first name of an emoji, without colons; undefined if it is not in the table. */
export function nameOf(emoji) {
    return byEmoji.get(plain(emoji))?.names[0];
}

/**
 * First the emoji of exactly that name, then those whose names start with it, then those with a later word, or a search word, that does.
 * @param {string} part  of a name; of several words each must match
 * @returns {{emoji: string, name: string}[]} name: the one that was found
 */
export function findEmoji(part, limit = Infinity) {
    const parts = part.toLowerCase().split(/\s+/).filter(Boolean);
    if (parts.length === 0) return [];
    const found = [];
    for (const { emoji, names, words } of all) {
        const matches = parts.map((each) => bestMatch(each, names, words));
        const rank = Math.max(...matches.map((match) => match.rank));
        if (rank < NO_MATCH) found.push({ emoji, name: matches[0].name, rank });
    }
    found.sort((a, b) => a.rank - b.rank);
    return found.slice(0, limit).map(({ emoji, name }) => ({ emoji, name }));
}

const NO_MATCH = 3; // after the ranks: 0 is the name, 1 starts it, 2 starts a word

function bestMatch(part, names, words) {
    let best = { rank: NO_MATCH, name: names[0] };
    for (const name of names) {
        const rank = name === part ? 0 : name.startsWith(part) ? 1 : startsWord(part, name) ? 2 : NO_MATCH;
        if (rank < best.rank) best = { rank, name };
    }
    if (best.rank === NO_MATCH && words.some((word) => word.startsWith(part) || startsWord(part, word))) best.rank = 2;
    return best;
}

function startsWord(part, name) {
    return name.includes(`_${part}`) || name.includes(`-${part}`);
}

// Code and URLs are matched too, so that nothing in them is taken for a name.
const CODE = '`[^`]+`';
const LINK = '://[^\\s<>"`]+'; // its end, as in links.js
const NAMES = '(?<![\\p{Lu}\\p{Ll}\\p{N}_:])(?::[a-z0-9_+-]{1,40}:)+(?![\\p{Lu}\\p{Ll}\\p{N}_:])';
const PATTERN = new RegExp(`${CODE}|${LINK}|${NAMES}`, 'giu');

/**
 * Replaces `:name:` by its emoji, where the name is known and stands apart from words and numbers. What message-format.js
 * shows as code stays as it is, and so do URLs. Linear in the length of the text.
 */
export function replaceShortcodes(text) {
    if (!text.includes(':')) return text;
    const pieces = text.split(/(\r\n|\r|\n)/); // lines, and what ends them
    let fence = -1;
    pieces.forEach((piece, index) => {
        if (fence < 0 && /^```[\w+#.-]{0,20}\s*$/.test(piece)) fence = index;
        else if (fence < 0) pieces[index] = replaceInLine(piece);
        else if (/^```\s*$/.test(piece)) fence = -1;
    });
    if (fence < 0) return pieces.join('');
    return pieces.map((piece, index) => (index > fence ? replaceInLine(piece) : piece)).join(''); // never closed: text
}

function replaceInLine(line) {
    return line.replace(PATTERN, (match) => {
        if (match.startsWith('`') || match.startsWith('://')) return match;
        return match.replace(/:([^:]+):/g, (code, name) => emojiOf(name) ?? code);
    });
}

import { createApp, h } from 'vue';

import Feed from './src/Feed.vue';

createApp({ render: () => [h('h1', 'Vue'), h(Feed, { room: 'orders' })] }).mount('#app');

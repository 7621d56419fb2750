// What the React and Vue parts of docs/guides/live-feed.md run in: each component in a page of its own.
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
    plugins: [vue()],
    esbuild: { jsx: 'automatic' },
    server: { port: Number(process.env.PORT_5173), strictPort: true },
    cacheDir: '.vite',
    optimizeDeps: { entries: ['index.html', 'vue.html'] },
});

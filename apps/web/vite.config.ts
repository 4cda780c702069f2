import { defineConfig } from 'vite';

const API = 'http://127.0.0.1:3000';

/** The web application: JSX by Vite itself, one chunk per audience (see src/shell/router.tsx), the api beside it. */
export default defineConfig({
  root: import.meta.dirname,
  // `public` is an audience here, so the files that are served as they are lie in `static`.
  publicDir: 'static',
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onLog(level, log, report) {
        // Libraries mark files with "use client" for server rendering, which does not happen here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/health', '/metrics', '/.well-known'].map((path) => [path, { target: API }])),
  },
});

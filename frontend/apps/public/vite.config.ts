import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/** The oldest browser on the telephones of grandparents. */
const FLOOR = 'chrome78';

const out = join(import.meta.dirname, '../../dist/public');

/** Writes each text beside itself as brotli, once and as small as it gets: the server only hands it out. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const path of files(out).filter((path) => /\.(js|css|html|svg)$/.test(path))) {
        const plain = readFileSync(path);
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
        };
        writeFileSync(`${path}.br`, brotliCompressSync(plain, { params }));
      }
    },
  };
}

/** What a telephone fetches before it shows anything: the page and everything it names. In bytes as they travel. */
const FIRST_LOAD = 100 * 1000;

/** Fails the build where the first load has grown beyond what a slow line carries at once. */
function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    closeBundle() {
      const page = readFileSync(join(out, 'index.html'), 'utf8');
      const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css|svg))"/g)].map(
        (found) => found[1] ?? '',
      );
      const bytes = ['index.html', ...named].map((path) => statSync(join(out, `${path}.br`)).size);
      const sum = bytes.reduce((all, one) => all + one, 0);
      if (sum > FIRST_LOAD) this.error(`the first load is ${sum} bytes, more than ${FIRST_LOAD}`);
      this.info(`first load: ${sum} of ${FIRST_LOAD} bytes`);
    },
  };
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

export default defineConfig({
  plugins: [vue(), compressed(), budget()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: out,
    emptyOutDir: true,
    // Everything with a hash in its name is kept for ever by browsers.
    assetsDir: 'public/kept',
    assetsInlineLimit: 0,
    target: FLOOR,
    cssTarget: FLOOR,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
});

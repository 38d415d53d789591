import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/** The oldest browser in the offices: 360 on Windows 7. */
const FLOOR = 'chrome86';

const out = join(import.meta.dirname, '../../dist/console');

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

/** The script that asks for what is needed first: a file of its own, which begins before the others are read. */
function early(): Plugin {
  return {
    name: 'early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_page, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find((one) => one.type === 'chunk' && one.name === 'early');
        if (!chunk) this.error('there is no early script');
        const attrs = { type: 'module', async: true, src: `/${chunk.fileName}` };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' as const }];
      },
    },
  };
}

/** What a browser fetches before it shows anything: the page and everything it names. In bytes as they travel. */
const FIRST_LOAD = 250 * 1000;

/** Fails the build where the first load has grown beyond what an office's line carries at once. */
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
  plugins: [vue(), early(), compressed(), budget()],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: out,
    emptyOutDir: true,
    // Everything with a hash in its name is kept for ever by browsers.
    assetsDir: 'console/kept',
    assetsInlineLimit: 0,
    target: FLOOR,
    cssTarget: FLOOR,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        early: join(import.meta.dirname, 'src/early.ts'),
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});

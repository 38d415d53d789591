import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  // A test that needs a document or what is kept in a browser says so in its first line.
  test: {
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    // What they import is read once for all of them: no test leaves anything behind in it.
    isolate: false,
  },
});

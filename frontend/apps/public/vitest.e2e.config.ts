import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    globalSetup: '../console/e2e/city.ts',
    // One city and one browser for all: what a journey changes, the next one finds.
    fileParallelism: false,
    isolate: false,
    // In the same order everywhere: whoever ran them before remembers how long each took, and would go by that.
    cache: false,
    // Nothing is judged by time here, and a machine may have others to serve.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

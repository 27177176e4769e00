import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    // oclif prints with console.log, which vitest would keep for itself.
    disableConsoleIntercept: true,
    // Tests start real processes on two shared cores: more at once would only starve each other.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: { provider: 'v8', include: ['src/**', 'commands/**', 'reports/**'] },
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    // oclif prints with console.log, which vitest would keep for itself.
    disableConsoleIntercept: true,
    // Tests start real processes on two shared cores: more at once would only starve each other.
    maxWorkers: 2,
    // Only a hang takes so long: nothing here is judged by its time, and machines that are shared can be slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['src/**', 'commands/**', 'reports/**'] },
  },
})

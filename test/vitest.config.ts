import { defineConfig } from 'vitest/config'

// Hundreds of processes are started from the sources: each module is compiled once for all of them.
process.env.NODE_COMPILE_CACHE ??= new URL(
  '../node_modules/.cache/compiled',
  import.meta.url,
).pathname

/**
 * What all tests share. Only a hang takes two minutes: shared machines can be slow. A test that fails runs once more, since
 * other users of the machine can spoil one with real processes; `ci-line.ts` names each that passed only then.
 */
const limits = { testTimeout: 120_000, hookTimeout: 120_000, retry: 1 }

/**
 * Rooms and files whose tests each get a process of their own, which costs 0.75 CPU-seconds a file: servers, drivers and meters in the
 * process of the test, mocked modules, fake timers, signals, another working directory. All others share a process.
 */
const isolated = [
  ...['backend', 'driver', 'fuzz', 'lab', 'meter', 'targets'].map(
    (room) => `test/${room}/**/*.test.ts`,
  ),
  'test/balancer/*.test.ts',
  ...['admin', 'downstream', 'http2', 'io', 'process', 'supervisor', 'upstream'].map(
    (room) => `test/balancer/${room}/**/*.test.ts`,
  ),
  'test/balancer/health/active-checks.test.ts',
  'test/bench/support/burn-cpu.test.ts',
  'test/cli/full-screen.test.ts',
  'test/cli/progress.test.ts',
  'test/commands/{profile,serve,stored-run,watch}.test.ts',
  'test/experiment/capacity/capacity.test.ts',
  'test/experiment/run/**/*.test.ts',
  'test/experiment/selftest/*.test.ts',
  'test/result/result.test.ts',
  'test/store/noise-store.test.ts',
]

/** Tests that run alone: the verdict that they expect is about lb's own processes only while no other test uses the CPUs. */
const measuring = ['test/e2e/verdict.test.ts']

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // oclif prints with console.log, which vitest would otherwise keep.
    disableConsoleIntercept: true,
    coverage: { provider: 'v8', include: ['src/**', 'commands/**', 'reports/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: isolated,
          // Tests start real processes on two shared cores, and wait most of the time: more files at once would slow each other down.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          ...limits,
        },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...isolated],
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          ...limits,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...measuring],
          isolate: false,
          // They run whole benchmarks, but judge nothing that another one beside them would change.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          ...limits,
        },
      },
      {
        extends: true,
        test: {
          name: 'measuring',
          include: [...measuring],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          ...limits,
        },
      },
    ],
  },
})

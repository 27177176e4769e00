import { defineConfig } from 'vitest/config'

// Hundreds of processes are started from the sources: each module is compiled once for all of them.
process.env.NODE_COMPILE_CACHE ??= new URL(
  '../node_modules/.cache/compiled',
  import.meta.url,
).pathname

/** Modules are those of Node, as for a user, from the compile cache: Vite's own runner would transform and send each of them to each process. */
const native = { viteModuleRunner: false, nodeLoader: false }

/**
 * What all tests share. Only a hang takes two minutes: shared machines can be slow. A test that fails runs once more, since
 * other users of the machine can spoil one with real processes; `ci-line.ts` names each that passed only then.
 */
const limits = { testTimeout: 120_000, hookTimeout: 120_000, retry: 1 }

/**
 * Files that get a process of their own, which costs 0.4 CPU-seconds each: servers under load, processes that are started and
 * killed, and tests that read the CPU time, the memory, the children or the folder of their own process. All others share processes.
 */
const isolated = [
  'test/balancer/*.test.ts',
  'test/balancer/{downstream,process,upstream}/*.test.ts',
  'test/balancer/http2/{interop,interop-go,node-client,node-server}.test.ts',
  'test/bench/support/burn-cpu.test.ts',
  'test/commands/{profile,serve,stored-run}.test.ts',
  'test/driver/{closed-loop,open-loop,watch-loop}.test.ts',
  'test/driver/external/drive.test.ts',
  'test/driver/fleet/processes.test.ts',
  'test/driver/journey/{code-journeys,data-rows,drive-load,drive-visits}.test.ts',
  'test/experiment/run/{preflight,recover,trial}.test.ts',
  'test/fuzz/*.test.ts',
  'test/lab/{compile-cache,host-limits,lab,process,program,read-back,spare-processes}.test.ts',
  'test/meter/{counters,process,timer-jitter,waits,yardstick}.test.ts',
  'test/targets/{command,contract}.test.ts',
]

/** Files that replace modules by others, which takes Vite's module runner. */
const mocking = ['test/balancer/dying-workers.test.ts', 'test/targets/not-installed.test.ts']

/** Tests start real processes on two shared cores, and wait most of the time: more files at once would slow each other down. */
const sideBySide = {
  maxWorkers: 3,
  sequence: { groupOrder: 0 },
  experimental: native,
  ...limits,
}

/** Tests that run alone: the verdict that they expect is about lb's own processes only while no other test uses the CPUs. */
const measuring = ['test/e2e/verdict.test.ts']

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // oclif prints with console.log, which vitest would otherwise keep.
    disableConsoleIntercept: true,
    coverage: { provider: 'v8', include: ['src/**', 'commands/**', 'reports/**'] },
    // Those of one group order run in the order of their names, with nothing that waits in between: the longest files first.
    projects: [
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...measuring],
          isolate: false,
          // They run whole benchmarks, but judge nothing that another one beside them would change.
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: { name: 'isolated', include: isolated, exclude: [...mocking], ...sideBySide },
      },
      {
        extends: true,
        test: { name: 'mocking', include: mocking, ...sideBySide, experimental: {} },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...isolated, ...mocking],
          isolate: false,
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: {
          name: 'measuring',
          include: [...measuring],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          experimental: native,
          ...limits,
        },
      },
    ],
  },
})

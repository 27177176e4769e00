import type { Reporter, TestModule } from 'vitest/node'

/**
 * Closes a run with one plain line that a machine can count: `12 passed, 0 failed, 1 skipped`. Before it stands a line for
 * each test that passed only when it was repeated.
 */
export default class CiLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    for (const test of tests.filter((one) => one.diagnostic()?.flaky === true)) {
      process.stdout.write(
        `passed when repeated: ${test.module.relativeModuleId} > ${test.fullName}\n`,
      )
    }
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    process.stdout.write(
      `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    )
  }
}

import type { Reporter, TestModule } from 'vitest/node'

/** Closes a run with one plain line that a machine can count: `12 passed, 0 failed, 1 skipped`. */
export default class CiLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    )
    const count = (state: string) => states.filter((s) => s === state).length
    process.stdout.write(
      `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    )
  }
}

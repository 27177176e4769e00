import { failedTest } from '../../plan/load/k6-journey.ts'
import type { SharedState } from './shared-state.ts'
import { clientOf, type VirtualUser } from './virtual-user.ts'

/** The stand-in for `k6/execution`: where the script is in the load. */
export function executionModule(user: VirtualUser, shared: SharedState): Record<string, unknown> {
  return {
    vu: {
      get idInTest() {
        return user.id
      },
      get idInInstance() {
        return user.id
      },
      get iterationInScenario() {
        return user.iteration
      },
      get iterationInInstance() {
        return user.iteration
      },
      get tags() {
        return user.tags
      },
      get metrics() {
        return { tags: user.tags, metadata: {} }
      },
    },
    scenario: {
      get name() {
        return user.scenario
      },
      get iterationInTest() {
        return user.scenarioIteration
      },
      get iterationInInstance() {
        return user.scenarioIteration
      },
      get startTime() {
        return performance.timeOrigin + shared.startedAt
      },
    },
    instance: {
      get currentTestRunDuration() {
        return performance.now() - shared.startedAt
      },
    },
    test: {
      options: {},
      abort(reason?: string): never {
        return clientOf(user, 'exec.test.abort()').endLoad(String(reason ?? 'exec.test.abort()'))
      },
      fail(reason?: string): void {
        const client = clientOf(user, 'exec.test.fail()')
        client.metric(failedTest, 'counter', 1)
        process.stderr.write(`${reason ?? 'the script called exec.test.fail()'}\n`)
      },
    },
  }
}

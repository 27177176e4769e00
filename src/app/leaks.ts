import { leaksText } from '../../reports/commands/leaks.ts'
import type { Invocation } from '../cli/invocation.ts'
import { type ArmLeaks, measureLeaks } from '../experiment/profile/measure-leaks.ts'
import { UsageError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import type { Plan } from '../plan/plan.ts'
import type { LiveSession } from './live-session.ts'

/** The plan whose arms are checked for leaks, and how much is sent. */
interface LeaksOptions {
  readonly plan: Plan
  readonly session: LiveSession
  readonly invocation: Invocation
  /** Requests in each round. */
  readonly requests?: number | undefined
}

/** Rounds that count. */
const rounds = 8

/** Requests in each round, unless the user gives another number. */
const usualRequests = 10_000

/**
 * `lb profile --leaks`: how the memory of each arm grows with requests and with connections.
 *
 * @throws {UsageError} the process of a target is not known
 * @throws {ProcessError} a process could not be started, or died, or requests fail
 */
export async function leaks({
  plan,
  session,
  invocation,
  requests = usualRequests,
}: LeaksOptions): Promise<readonly ArmLeaks[]> {
  if (plan.arms.some(({ target }) => target === 'url') && plan.settings?.url?.pid === undefined) {
    throw new UsageError('nothing is known of the process behind --url', 'add --pid PID')
  }
  if (plan.settings?.url?.http2) {
    throw new UsageError('--leaks sends requests in HTTP/1.1', 'omit --http2')
  }
  let words = 'starting'
  session.progress.show({ lines: () => [words], line: () => words })
  const measured: ArmLeaks[] = []
  try {
    for (const arm of plan.arms.filter(({ name }) => name !== plan.control)) {
      measured.push(
        await measureLeaks(arm, {
          ...{ plan, session, requests, rounds },
          onRound({ done, of }) {
            words = `leaks  ${arm.name}, round ${done + 1} of ${of}`
            session.progress.update()
          },
        }),
      )
    }
  } catch (error) {
    if (!session.signal.aborted) throw error
    invocation.endWith(exitCodes.interrupted)
  }
  session.progress.clear()
  invocation.print(leaksText(measured, invocation.render))
  return measured
}

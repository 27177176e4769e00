import { levelAt, stageEdges } from '../../plan/load/curve.ts'
import type { LoadPlan, VisitLimit } from '../../plan/load/load-plan.ts'
import { backoffMs } from '../backoff.ts'
import type { DriverLoad } from './driver-load.ts'
import type { LoadCounts } from './load-counts.ts'
import type { User } from './visit.ts'

/** The load of a driver whose users begin visits, and its timer. */
interface UserGroupOptions {
  readonly plan: LoadPlan
  readonly place: Pick<DriverLoad, 'driver' | 'drivers'>
  readonly counts: LoadCounts
  wake(dueMs: number, resume: (nowMs: number) => void): void
  begin(user: User, dueMs: number, nowMs: number): void
}

/** The visits that the users of this driver make at most. */
function visitLimitOf(
  { visits }: LoadPlan,
  { driver, drivers }: UserGroupOptions['place'],
): VisitLimit {
  if (visits === undefined) return { count: Number.POSITIVE_INFINITY, of: 'all' }
  if (visits.of === 'each') return visits
  return { count: Math.ceil((visits.count - driver) / drivers), of: 'all' }
}

/** The users of the closed model, as many as the plan has at each time. */
export function userGroup({ plan, place, counts, wake, begin }: UserGroupOptions) {
  const { stages } = plan
  const edges = stageEdges(stages)
  let [wanted, active, next, begun] = [0, 0, 0, 0]
  let countedSeconds = 0
  const limit = visitLimitOf(plan, place)
  const finished = Promise.withResolvers<void>()
  const levelOf = (seconds: number): { level: number; stage: number } => {
    const stage = edges.findIndex((_, i) => i > 0 && seconds < (edges[i] as number)) - 1
    const own = stages[stage]
    if (own === undefined || own.model === 'open') return { level: 0, stage }
    const all = Math.round(levelAt(own, seconds - (edges[stage] as number)))
    return { level: Math.ceil((all - place.driver) / place.drivers), stage }
  }
  const leave = (): void => {
    active--
    const isLast = limit.of === 'all' ? begun >= limit.count : next >= wanted
    if (active === 0 && isLast && limit.count < Number.POSITIVE_INFINITY) finished.resolve()
  }
  const mayBegin = (user: User): boolean =>
    limit.of === 'all' ? begun < limit.count : user.visits < limit.count
  return {
    /** Resolves once the visits of the plan have ended; never where it has no number of them. */
    finished: finished.promise,
    get active() {
      return active
    },
    /** Lets users begin, so that there are as many as planned; too many leave after their visit. */
    adjust(seconds: number, beginMs: number): void {
      const { level, stage } = levelOf(seconds)
      const before = levelOf(countedSeconds).stage
      if (active > 0 && before >= 0) counts.userSeconds(before, active * (seconds - countedSeconds))
      countedSeconds = seconds
      wanted = stage < 0 ? 0 : level
      const nowMs = performance.now()
      // Users that have made all their visits are not replaced.
      const present = () => (limit.count === Number.POSITIVE_INFINITY ? active : next)
      while (present() < wanted) {
        const user = { number: 1 + place.driver + next * place.drivers, visits: 0, refused: 0 }
        if (!mayBegin(user)) break
        next++
        active++
        begun++
        begin(user, beginMs + seconds * 1e3, nowMs)
      }
    },
    visitEnded(user: User, nowMs: number): void {
      user.visits++
      if (active > wanted || !mayBegin(user)) {
        leave()
        return
      }
      begun++
      // From the event loop, so that a journey without requests cannot keep it busy.
      const dueMs = nowMs + backoffMs(user.refused)
      wake(dueMs, (wokenMs) => begin(user, dueMs, wokenMs))
    },
  }
}

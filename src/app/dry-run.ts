import { scheduleText } from '../../reports/commands/schedule.ts'
import type { Invocation } from '../cli/invocation.ts'
import { pairings } from '../experiment/findings/pairs.ts'
import type { Plan } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'
import { hideSecretsInPlan } from '../result/hide-secrets.ts'
import type { Schedule } from '../result/schedule.ts'

/** `--dry-run`: prints the trials of a plan and how long they take, and measures nothing. */
export function dryRun(plan: Plan, { print, render }: Invocation): Schedule {
  const schedule = {
    plan: hideSecretsInPlan(plan),
    time: timeOf(plan),
    comparisons: pairings(plan).length,
  }
  print(scheduleText(schedule, render))
  return schedule
}

import { existsSync } from 'node:fs'
import { UsageError } from '../../kit/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { findTarget } from '../../targets/find-target.ts'
import { targets } from '../../targets/index.ts'
import type { TargetSettings } from '../../targets/target.ts'

/**
 * Checks that each target of a plan is told what it needs, and that whatever the user says of targets is for one
 * of the plan, and can be used.
 *
 * @throws {UsageError} that names the flag
 */
export function checkSettings({ arms, settings = {} }: Pick<Plan, 'arms' | 'settings'>): void {
  const names = new Set(arms.map(({ target }) => target))
  for (const name of names) checkNeeds(name, settings[name])
  for (const [name, told] of Object.entries(settings)) {
    findTarget(name)
    if (!names.has(name)) {
      throw new UsageError(
        `${flagFor(name, told)} is for the target ${name}, which is not under test`,
        `add it: --target ${name}`,
      )
    }
    checkTemplate(name, told)
    checkPid(told)
  }
}

function checkNeeds(name: string, told: TargetSettings | undefined): void {
  const { needs } = findTarget(name)
  if (needs === undefined || told?.[needs] !== undefined) return
  throw new UsageError(`target ${name} needs --${needs}`, '"lb targets" says what it is')
}

function checkTemplate(name: string, { template }: TargetSettings): void {
  if (template === undefined) return
  if (findTarget(name).warnings === undefined) {
    throw new UsageError(
      `--target-config: target ${name} takes no configuration file`,
      `these do: ${targets.flatMap(({ name: one, warnings }) => (warnings ? [one] : [])).join(', ')}`,
    )
  }
  if (template.includes('{port}')) return
  throw new UsageError(
    `--target-config: the configuration for ${name} has no {port}`,
    'write {port} where it says where to listen: lb chooses the port',
  )
}

function checkPid({ pid }: TargetSettings): void {
  if (pid === undefined || existsSync(`/proc/${pid}`)) return
  throw new UsageError(`--pid: no process ${pid} runs here`, 'give the first process of the target')
}

function flagFor(name: string, { template, url, command }: TargetSettings): string {
  if (template !== undefined) return `--target-config ${name}=FILE`
  return url !== undefined ? '--url' : command !== undefined ? '--command' : '--pid'
}

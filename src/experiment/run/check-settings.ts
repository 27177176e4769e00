import { existsSync } from 'node:fs'
import { UsageError } from '../../kit/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { findTarget } from '../../targets/find-target.ts'
import { targets } from '../../targets/index.ts'
import type { TargetSettings } from '../../targets/target.ts'

/**
 * Checks that each target of a plan has the settings that it needs, and that each setting is valid and belongs to a
 * target of the plan.
 *
 * @throws {UsageError} a setting is missing or invalid; with its flag
 */
export function checkSettings({ arms, settings = {} }: Pick<Plan, 'arms' | 'settings'>): void {
  const names = new Set(arms.map(({ target }) => target))
  for (const name of names) checkNeeds(name, settings[name])
  for (const [name, given] of Object.entries(settings)) {
    findTarget(name)
    if (!names.has(name)) {
      throw new UsageError(
        `${flagFor(name, given)} is for the target ${name}, which is not under test`,
        `add it: --target ${name}`,
      )
    }
    checkTemplate(name, given)
    checkPid(given)
  }
}

function checkNeeds(name: string, given: TargetSettings | undefined): void {
  const { needs } = findTarget(name)
  if (needs === undefined || given?.[needs] !== undefined) return
  throw new UsageError(`target ${name} needs --${needs}`, 'see "lb targets"')
}

function checkTemplate(name: string, { template }: TargetSettings): void {
  if (template === undefined) return
  if (findTarget(name).warnings === undefined) {
    throw new UsageError(
      `--target-config: target ${name} has no configuration file`,
      `targets with one: ${targets.flatMap(({ name: one, warnings }) => (warnings ? [one] : [])).join(', ')}`,
    )
  }
  if (template.includes('{port}')) return
  throw new UsageError(
    `--target-config: the configuration for ${name} lacks the placeholder {port}`,
    'write {port} as the port to listen on: lb chooses the port',
  )
}

function checkPid({ pid }: TargetSettings): void {
  if (pid === undefined || existsSync(`/proc/${pid}`)) return
  throw new UsageError(`--pid: there is no process ${pid}`, 'give the main process of the target')
}

function flagFor(name: string, { template, url, command }: TargetSettings): string {
  if (template !== undefined) return `--target-config ${name}=FILE`
  return url !== undefined ? '--url' : command !== undefined ? '--command' : '--pid'
}

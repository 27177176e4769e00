import { bounds } from '../../kit/bounds.ts'
import { duration } from '../../kit/duration.ts'
import type { Stage } from './load-plan.ts'

/** The level of a stage: visits per second, or users. */
export type Level = Pick<Stage, 'model'> & { readonly level: number }

/** What a level may look like; for messages and the reference. */
export const levelRemedy = 'give visits such as 100/s or 6000/m, or users such as "100 users"'

const perSecond: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 }

/** `100/s`, `6000/m` (open model) or `100 users` (closed model); undefined for any other text. */
export function levelOf(value: unknown): Level | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const [, users] = /^(\d+)\s+users?$/.exec(text) ?? []
  if (users !== undefined) {
    const level = Number(users)
    return level <= bounds.connections ? { model: 'closed', level } : undefined
  }
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*\/\s*(s|m|min|h)$/.exec(text) ?? []
  const level = Number(number) / (perSecond[unit] ?? Number.NaN)
  return number !== '' && level <= bounds.rate ? { model: 'open', level } : undefined
}

/** A stage of a flag: `1m:100/s` ramps to that level, `1m@100/s` keeps it from its begin; undefined where it is none. */
export function stageText(
  text: string,
): { readonly seconds: number; readonly level: Level; readonly isHold: boolean } | undefined {
  const [, time = '', hold, rest = ''] = /^([^:@]+)([:@])(.+)$/.exec(text.trim()) ?? []
  const seconds = duration(time)
  const level = levelOf(rest.replace(/^(\d+)users?$/, '$1 users'))
  if (seconds === undefined || seconds <= 0 || seconds > bounds.seconds) return undefined
  return level === undefined ? undefined : { seconds, level, isHold: hold === '@' }
}

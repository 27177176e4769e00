import { UsageError } from '../kit/errors.ts'
import { meant, nameOf } from '../kit/named.ts'
import { grouped } from '../kit/units.ts'
import type { SkippedKnob } from '../result/tune.ts'
import { knobs } from './index.ts'
import type { Accepted, Knob, Setting } from './knob.ts'
import { workers } from './workers.ts'

/** One value of a knob to try. */
export interface ChosenValue {
  readonly knob: Knob
  readonly setting: Setting
  readonly value: string
}

/** The values to try, in the order of the registry, and the knobs that are left out. */
export interface ChosenKnobs {
  readonly values: readonly ChosenValue[]
  readonly skipped: readonly SkippedKnob[]
}

/**
 * The values of `--only` for a target: `pooling`, or with a value `pool-size=64`; `algorithm=all` stands for every name that
 * the knob accepts. Without `only`: the alternatives of all knobs. A knob that the target lacks is skipped with a reason.
 *
 * @param cores workers of the default
 * @throws {UsageError} there is no such knob, it does not accept the value, or nothing is left to measure
 */
export function chooseKnobs(
  target: string,
  only: readonly string[] | undefined,
  cores = 1,
): ChosenKnobs {
  const asked = only?.map(parsed) ?? knobs.map((knob) => ({ knob, value: undefined }))
  const values = new Map<string, ChosenValue>()
  const skipped = new Map<string, SkippedKnob>()
  for (const { knob, value } of asked) {
    const setting = settingOf(knob, target, cores)
    if (setting === undefined) {
      skipped.set(knob.name, { knob: knob.name, reason: 'target-lacks' })
      continue
    }
    for (const one of valuesOf(knob, setting, value)) {
      values.set(`${knob.name}=${one}`, { knob, setting, value: one })
    }
  }
  if (values.size === 0) throw nothingToTurn(target, only)
  return { values: [...values.values()], skipped: [...skipped.values()] }
}

function settingOf(knob: Knob, target: string, cores: number): Setting | undefined {
  const setting = knob.settings[target]
  if (knob !== workers || setting === undefined || cores === 1) return setting
  return { ...setting, default: String(cores), alternatives: ['1'] }
}

/** The value of the user, or the alternatives of the knob. */
function valuesOf(knob: Knob, setting: Setting, value: string | undefined): readonly string[] {
  if (value === undefined) return setting.alternatives
  if (value === 'all' && 'names' in setting.accepts) return setting.accepts.names
  checkValue(knob, setting, value)
  return [value]
}

function parsed(typed: string): { knob: Knob; value: string | undefined } {
  const [name = '', value] = typed.split(/=(.*)/s)
  const knob = knobs.find((one) => one.name === nameOf(name, knobs))
  if (knob === undefined)
    throw new UsageError(`unknown knob "${name}" in --only`, meant(name, knobs))
  return { knob, value }
}

function checkValue({ name }: Knob, { accepts, default: own }: Setting, value: string): void {
  if (value === own) {
    throw new UsageError(
      `--only ${name}=${value}: that is the default, which every run has`,
      `give another value: ${acceptedText(accepts)}`,
    )
  }
  const isValid =
    'names' in accepts
      ? accepts.names.includes(value)
      : /^\d{1,15}$/.test(value) && Number(value) >= accepts.from && Number(value) <= accepts.to
  if (isValid) return
  throw new UsageError(
    `--only ${name}=${value.slice(0, 40)}: ${name} does not accept this value`,
    `give ${acceptedText(accepts)}`,
  )
}

/** The values that a setting accepts, in words: `1 to 1,024 MiB`. */
function acceptedText(accepts: Accepted): string {
  if ('names' in accepts) return accepts.names.join(' or ')
  const { from, to, unit } = accepts
  return `${grouped(from)} to ${grouped(to)}${unit === undefined ? '' : ` ${unit}`}`
}

function nothingToTurn(target: string, only: readonly string[] | undefined): UsageError {
  const names = [...new Set(knobs.flatMap(({ settings }) => Object.keys(settings)))]
  if (!names.includes(target)) {
    return new UsageError(
      `target ${target} has no knobs`,
      `targets with knobs: ${names.join(', ')}`,
    )
  }
  const own = knobs.filter(({ settings }) => target in settings).map(({ name }) => name)
  return new UsageError(
    `target ${target} cannot be measured with ${only?.join(', ')}`,
    `its knobs: ${own.join(', ')}`,
  )
}

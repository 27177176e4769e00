import { z } from 'zod'
import { hideCommand } from '../kit/hide-command.ts'
import { type HiddenValue, hideValue } from '../kit/hide-value.ts'
import { hideKnown, secretsInEnvironment } from '../kit/secrets.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import { type ResultDocument, resultDocument } from './document.ts'
import { hideInVisits } from './hide-in-visits.ts'

/** The parts of a run in which its user can declare a secret: they name how targets are started and reached. */
interface Declaring {
  readonly command: readonly string[]
  readonly plan: Pick<Plan, 'arms' | 'settings' | 'visits'>
}

/**
 * The document without secrets: tokens and passwords of configurations, commands, templates and URLs, by the names of
 * their fields, flags and variables. A value that was declared as a secret is hidden wherever else a text of the
 * document contains it. A document in which something is hidden has a warning with the flags, because the run cannot
 * be repeated without their values.
 */
export function hideSecrets(document: ResultDocument, env = process.env): ResultDocument {
  const { command, plan, secrets, flags } = declaredIn(document)
  const known = [...secrets, ...secretsInEnvironment(env)]
  const own = { ...document, command, plan: { ...document.plan, ...plan } }
  const hidden = known.length === 0 ? own : withoutKnown(own, known)
  if (flags.length === 0) return hidden
  const others = hidden.warnings.filter(({ code }) => code !== 'values-hidden')
  return { ...hidden, warnings: [...others, { code: 'values-hidden', values: { flags } }] }
}

/** The plan without the secrets that it declares. */
export function hideSecretsInPlan(plan: Plan): Plan {
  return { ...plan, ...declaredIn({ command: [], plan }).plan }
}

/** Hides the secrets that a run declares, and those of the environment, in a text about it. */
export function hideSecretsIn(text: string, run: Declaring, env = process.env): string {
  return hideKnown(text, [...declaredIn(run).secrets, ...secretsInEnvironment(env)])
}

interface Declared extends Declaring {
  readonly command: string[]
  readonly secrets: readonly string[]
  /** The flags whose values held them, each once. */
  readonly flags: string[]
}

function declaredIn({ command, plan }: Declaring): Declared {
  const line = hideCommand(command)
  const secrets = [...line.secrets]
  const flags = new Set(line.flags)
  const hide = <Value>(value: Value, flag: string): Value => {
    const found: HiddenValue<Value> = hideValue(value)
    if (found.secrets.length > 0) flags.add(flag)
    secrets.push(...found.secrets)
    return found.value
  }
  const arms = plan.arms.map((arm) => hideInVariant(arm, hide))
  const settings = plan.settings && hideInSettings(plan.settings, hide)
  const visits = plan.visits && hideInVisits(plan.visits, hide)
  return {
    command: line.words,
    plan: { arms, ...(settings && { settings }), ...(visits && { visits }) },
    secrets,
    flags: [...flags],
  }
}

type Hide = <Value>(value: Value, flag: string) => Value

function hideInVariant(arm: Arm, hide: Hide): Arm {
  if (arm.variant === undefined) return arm
  const { side, config, command } = arm.variant
  const hidden = {
    ...(config && { config: hide(config, `--${side}-config`) }),
    ...(command !== undefined && { command: hide(command, `--${side}-command`) }),
  }
  return { ...arm, variant: { ...arm.variant, ...hidden } }
}

type Settings = NonNullable<Plan['settings']>

function hideInSettings(settings: Settings, hide: Hide): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([target, one]) => {
      const { url, command, template } = one
      const hidden = {
        ...(url !== undefined && { url: hide(url, '--url') }),
        ...(command !== undefined && { command: hide(command, '--command') }),
        ...(template !== undefined && { template: hide(template, '--target-config') }),
      }
      return [target, { ...one, ...hidden }]
    }),
  )
}

/** The document with a mark in place of these secrets in every text that a user or another program wrote. */
function withoutKnown(document: ResultDocument, secrets: readonly string[]): ResultDocument {
  const words = vocabulary(z.toJSONSchema(resultDocument, { unrepresentable: 'any' }))
  const clear = (text: string) =>
    // A histogram is no text: a part of it may be equal to a secret by chance.
    words.has(text) || text.startsWith(histogramStart) ? text : hideKnown(text, secrets)
  const clearIn = (value: unknown, isByText = false): unknown => {
    if (typeof value === 'string') return clear(value)
    if (Array.isArray(value)) return value.map((one) => clearIn(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        isByText ? clear(name) : name,
        clearIn(one, name === 'errorKinds'),
      ]),
    )
  }
  return clearIn(document) as ResultDocument
}

/** The beginning of each compressed HDR histogram (V2) in base64: its cookie. */
const histogramStart = 'HISTFA'

/** The texts that a schema defines: codes, names of phases, states. */
function vocabulary(schema: unknown, found = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return found
  for (const [key, inside] of Object.entries(schema)) {
    if (key === 'const' && typeof inside === 'string') found.add(inside)
    else if (key === 'enum') for (const one of inside) found.add(String(one))
    else vocabulary(inside, found)
  }
  return found
}

import type { Random } from '../../kit/random.ts'
import type { LoadPlan, PauseStep, RequestStep } from '../../plan/load/load-plan.ts'
import { withContent } from '../../plan/request-fields.ts'
import {
  type CompiledCapture,
  type CompiledCheck,
  compileCapture,
  compileCheck,
} from './compile-checks.ts'
import {
  compileTemplate,
  type Escape,
  escapeField,
  escapeJson,
  escapeNothing,
  escapePath,
  escapeQuery,
  filledIn,
  type Render,
  type Scope,
  type TemplateNames,
} from './compile-template.ts'

/** A request step that is ready to be sent. */
export interface CompiledRequest {
  readonly kind: 'request'
  /** Index of its name among the steps that are counted. */
  readonly counted: number
  readonly isHead: boolean
  /** Where it is sent, for a URL of its own; undefined: to the target. */
  readonly origin: string | undefined
  /** The request, where every visit sends the same, and a visit has no cookies. */
  readonly fixed: Buffer | undefined
  /** The request of one visit. `cookies`: its line of cookies, or empty. */
  text(scope: Scope, cookies: string): string
  readonly checks: readonly CompiledCheck[]
  readonly captures: readonly CompiledCapture[]
  /** Whether a check decides on the status. */
  readonly checksStatus: boolean
  readonly wantsHead: boolean
  readonly wantsBody: boolean
}

/** A pause that is ready to be drawn, in ms. */
interface CompiledPause {
  readonly kind: 'pause'
  draw(random: Random): number
}

/** A journey of steps that is ready to be run. */
export interface CompiledJourney {
  readonly name: string
  readonly weight: number
  readonly steps: readonly (CompiledRequest | CompiledPause)[]
  /** Whether it draws random numbers, for values or pauses. */
  readonly isRandom: boolean
}

/** The journey of a visit that has not begun. */
export const emptyJourney: CompiledJourney = { name: '', weight: 0, steps: [], isRandom: false }

/** The journeys of a plan, and the names of their steps in the order of their counts. */
export interface CompiledJourneys {
  readonly journeys: readonly CompiledJourney[]
  readonly stepNames: readonly string[]
}

/**
 * Compiles the steps of all journeys once, so that a visit makes no more than the text of its requests. `url`: the target,
 * whose host and credentials each request has.
 */
export function compileJourneys(
  { journeys, data }: Pick<LoadPlan, 'journeys' | 'data'>,
  fieldsOf: (origin: string | undefined) => readonly (readonly [string, string])[],
): CompiledJourneys {
  const stepNames: string[] = []
  const countedAs = (name: string): number => {
    const known = stepNames.indexOf(name)
    return known >= 0 ? known : stepNames.push(name) - 1
  }
  const files = Object.keys(data)
  const compiled = journeys.map((journey) => {
    const slots: string[] = []
    const names: TemplateNames = {
      slotOf(name) {
        const known = slots.indexOf(name)
        return known >= 0 ? known : slots.push(name) - 1
      },
      fileOf: (name) => files.indexOf(name),
    }
    const steps = journey.steps.map((step) =>
      step.kind === 'pause' ? pauseOf(step) : requestOf(step, { names, countedAs, fieldsOf }),
    )
    const { name, weight } = journey
    return {
      name,
      weight,
      steps,
      isRandom: /"kind":"(?:exponential|uniform)"|\{\{\s*(?:uuid|int|pick)/.test(
        JSON.stringify(journey),
      ),
    }
  })
  return { journeys: compiled, stepNames }
}

function pauseOf({ pause }: PauseStep): CompiledPause {
  switch (pause.kind) {
    case 'fixed':
      return { kind: 'pause', draw: () => pause.seconds * 1e3 }
    case 'exponential':
      return { kind: 'pause', draw: (random) => -Math.log(1 - random()) * pause.mean * 1e3 }
    case 'uniform':
      return {
        kind: 'pause',
        draw: (random) => (pause.from + random() * (pause.to - pause.from)) * 1e3,
      }
  }
}

interface CompileOptions {
  readonly names: TemplateNames
  countedAs(name: string): number
  fieldsOf(origin: string | undefined): readonly (readonly [string, string])[]
}

function requestOf(
  step: RequestStep,
  { names, countedAs, fieldsOf }: CompileOptions,
): CompiledRequest {
  const { method } = step
  const [, origin, target = ''] = /^(https?:\/\/[^/?]+)?(.*)$/s.exec(step.url) ?? []
  const path = pathOf(target.startsWith('?') || target === '' ? `/${target}` : target, names)
  const own = Object.entries(step.headers)
  const ownNames = own.map(([name]) => name.toLowerCase())
  const implied = [...fieldsOf(origin), ...contentType(step)].filter(
    ([name]) => !ownNames.includes(name.toLowerCase()),
  )
  const lines = [
    ...implied.map((field) => field.join(': ')),
    ...own.map(([name, value]) => `${name}: ${value}`),
  ]
  const fields = compileTemplate(lines.map((line) => `${line}\r\n`).join(''), names, escapeField)
  const body = bodyOf(step, names)
  const sendsLength = step.body !== undefined || withContent.includes(method)
  const text = (scope: Scope, cookies: string): string => {
    const content = filledIn(body, scope)
    const length = sendsLength ? `Content-Length: ${Buffer.byteLength(content)}\r\n` : ''
    return `${method} ${filledIn(path, scope)} HTTP/1.1\r\n${filledIn(fields, scope)}${cookies}${length}\r\n${content}`
  }
  const isFixed = [path, fields, body].every((one) => typeof one === 'string')
  const checks = step.checks.map(compileCheck)
  const captures = Object.entries(step.captures).map(([name, capture]) =>
    compileCapture(name, capture, names.slotOf(name)),
  )
  const wanting = [...checks, ...captures]
  return {
    kind: 'request',
    counted: countedAs(step.name),
    isHead: method === 'HEAD',
    origin,
    // A fixed request reads nothing of a visit.
    fixed: isFixed ? Buffer.from(text(undefined as never, '')) : undefined,
    text,
    checks,
    captures,
    checksStatus: checks.some(({ isOfStatus }) => isOfStatus),
    wantsHead: wanting.some(({ wantsHead }) => wantsHead),
    wantsBody: wanting.some(({ wantsBody }) => wantsBody),
  }
}

/** Values before the `?` keep their slashes; those of the query are encoded whole. */
function pathOf(text: string, names: TemplateNames): Render | string {
  const question = text
    .replaceAll(/\{\{.*?\}\}/gs, (found) => 'x'.repeat(found.length))
    .indexOf('?')
  if (question < 0) return compileTemplate(text, names, escapePath)
  const before = compileTemplate(text.slice(0, question), names, escapePath)
  const query = compileTemplate(text.slice(question), names, escapeQuery)
  if (typeof before === 'string' && typeof query === 'string') return before + query
  return (scope) => filledIn(before, scope) + filledIn(query, scope)
}

function contentType({ body }: RequestStep): readonly (readonly [string, string])[] {
  if (body?.kind === 'json') return [['Content-Type', 'application/json']]
  if (body?.kind === 'form') return [['Content-Type', 'application/x-www-form-urlencoded']]
  return []
}

function bodyOf({ body }: RequestStep, names: TemplateNames): Render | string {
  if (body === undefined) return ''
  if (body.kind !== 'form') {
    return compileTemplate(body.text, names, escapeOf[body.kind])
  }
  // The names of a form are text; its values are encoded whole, whatever they consist of.
  const fields = Object.entries(body.fields).map(
    ([name, value]) =>
      [`${encodeURIComponent(name)}=`, compileTemplate(value, names, escapeNothing)] as const,
  )
  const write = (scope: Scope) =>
    fields.map(([name, value]) => name + encodeURIComponent(filledIn(value, scope))).join('&')
  return fields.every(([, value]) => typeof value === 'string') ? write(undefined as never) : write
}

const escapeOf: Readonly<Record<'text' | 'json', Escape>> = {
  text: escapeNothing,
  json: escapeJson,
}

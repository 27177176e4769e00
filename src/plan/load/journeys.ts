import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { bounds } from '../../kit/bounds.ts'
import { field, fields } from '../fields.ts'
import { headerRemedy, pathRemedy } from '../request-fields.ts'
import { captureOf, captureRemedy } from './capture.ts'
import { checkOf, checkRemedy } from './check.ts'
import type { JourneyPlan, PauseStep, RequestStep, StepBody } from './load-plan.ts'
import { pauseOf, pauseRemedy } from './pause.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const

const templates = /\{\{.*?\}\}/gs

const url = field(
  (value) => (typeof value === 'string' && isSendable(value) ? value : undefined),
  `${pathRemedy}, or an http or https address`,
)

/** Whether a path or address can be sent once its templates are filled in. */
function isSendable(text: string): boolean {
  const filled = text.replace(templates, (_, at: number) => (at === 0 ? '/' : 'x'))
  return /^(?:https?:\/\/[^/\s]+)?(?:[/?][!$-;=?-~]*)?$/.test(filled) && filled !== ''
}

const text = z.string('give text')

const texts = z.record(z.string(), text, 'give fields, such as { name: value }')

const headers = texts.superRefine((all, context) => {
  for (const [name, value] of Object.entries(all)) {
    const remedy = headerRemedy(name, value.replace(templates, 'x'))
    if (remedy !== undefined) context.addIssue({ code: 'custom', path: [name], message: remedy })
  }
})

const step = fields({
  ...{
    get: url.optional().describe('Path of a GET request, with its query; or an absolute address.'),
    post: url.optional().describe('The same for POST.'),
    put: url.optional().describe('The same for PUT.'),
    patch: url.optional().describe('The same for PATCH.'),
    delete: url.optional().describe('The same for DELETE.'),
    head: url.optional().describe('The same for HEAD.'),
  },
  pause: field(pauseOf, pauseRemedy).optional().describe('A pause in place of a request.'),
  name: z
    .string('give text')
    .regex(/^\S(?:.*\S)?$/, 'give a name of one line')
    .optional()
    .describe(
      'Name by which reports and thresholds group requests. Without it: the method and the path as written.',
    ),
  headers: headers.optional().describe('Header fields of the request.'),
  body: text.optional().describe('Text of the body.'),
  json: z.json().optional().describe('Body as JSON; its strings may hold templates.'),
  form: texts.optional().describe('Body as the fields of a form.'),
  checks: z
    .array(field(checkOf, checkRemedy), 'list checks, such as [status is 200]')
    .max(bounds.listed, `list ${bounds.listed} or fewer`)
    .default([])
    .describe('Checks of the response. They are counted, and end nothing.'),
  capture: z
    .record(
      z.string().regex(/^[A-Za-z_][\w-]*$/, 'give a name of letters, digits, - and _'),
      field(captureOf, captureRemedy),
      'give captures by name, such as { id: json /id }',
    )
    .default({})
    .describe(
      'Values of the response that later steps use as `{{name}}`. Where the response has none, it counts as a failed check and the visit ends.',
    ),
})
  .superRefine((written, context) => {
    const used = [...methods, 'pause' as const].filter((name) => written[name] !== undefined)
    const add = (message: string, path: string[] = []) =>
      context.addIssue({ code: 'custom', message, path })
    if (used.length !== 1) {
      add(`give each step one of ${methods.join(', ')} or pause`)
      return
    }
    const bodies = (['body', 'json', 'form'] as const).filter((name) => written[name] !== undefined)
    if (bodies.length > 1) add('give one of body, json or form', [bodies[1] as string])
    const [kind = 'get'] = used
    if (kind === 'pause') {
      const beside = (['name', 'headers', ...bodies] as const).find(
        (name) => written[name] !== undefined,
      )
      if (beside !== undefined) add('leave it out of a pause', [beside])
    } else if ((kind === 'get' || kind === 'head') && bodies[0] !== undefined) {
      add(`a ${kind} has no body: use post, put or patch`, [bodies[0]])
    }
  })
  .transform(planOf)

type WrittenStep = { readonly [name in (typeof methods)[number]]?: string | undefined } & {
  readonly pause?: PauseStep['pause'] | undefined
  readonly name?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>> | undefined
  readonly checks: RequestStep['checks']
  readonly capture: RequestStep['captures']
}

function planOf(written: WrittenStep): RequestStep | PauseStep {
  if (written.pause !== undefined) return { kind: 'pause', pause: written.pause }
  const method = methods.find((name) => written[name] !== undefined) ?? 'get'
  const path = written[method] ?? '/'
  const upper = method.toUpperCase() as RequestStep['method']
  const body = bodyOf(written)
  return {
    kind: 'request',
    name: written.name ?? `${upper} ${path}`,
    method: upper,
    url: path,
    headers: written.headers ?? {},
    ...(body !== undefined && { body }),
    checks: written.checks,
    captures: written.capture,
  }
}

function bodyOf({ body, json, form }: WrittenStep): StepBody | undefined {
  if (body !== undefined) return { kind: 'text', text: body }
  if (json !== undefined) return { kind: 'json', text: JSON.stringify(json) }
  return form === undefined ? undefined : { kind: 'form', fields: form }
}

const journey = fields({
  name: z
    .string('give text')
    .regex(/^\S(?:.*\S)?$/, 'give a name of one line')
    .describe('Name in reports.'),
  weight: field(
    (value) => (typeof value === 'number' && value > 0 && value <= 1e6 ? value : undefined),
    'give a number above 0 up to 1,000,000',
  )
    .default(1)
    .describe('Share of the visits relative to the other journeys.'),
  steps: z
    .array(step, 'list the steps, such as - get: /')
    .min(1, 'list at least one step')
    .max(bounds.listed, `list ${bounds.listed} or fewer`)
    .optional()
    .describe('The requests and pauses of a visit, in their order.'),
  run: text
    .optional()
    .describe('TypeScript or JavaScript module in place of steps, from the folder of the file.'),
}).superRefine(({ steps, run }, context) => {
  if ((steps === undefined) === (run === undefined)) {
    context.addIssue({ code: 'custom', message: 'give either steps or run' })
  }
})

/** The field `journeys` of a scenario. */
export const journeysField = z
  .array(journey, 'list the journeys, such as - { name: browse, steps: [{ get: / }] }')
  .min(1, 'list at least one journey')
  .max(bounds.listed, `list ${bounds.listed} or fewer`)
  .superRefine((all, context) => {
    const names = all.map(({ name }) => name)
    for (const [i, name] of names.entries()) {
      if (names.indexOf(name) === i) continue
      context.addIssue({
        code: 'custom',
        path: [i, 'name'],
        message: 'another journey has this name',
      })
    }
  })

/** The journeys of a file in this folder, as the drivers get them. */
export function journeyPlans(
  written: z.output<typeof journeysField>,
  folder: string,
): JourneyPlan[] {
  return written.map(({ name, weight, steps = [], run }) => ({
    ...{ name, weight, steps },
    ...(run !== undefined && { module: isAbsolute(run) ? run : resolve(folder, run) }),
  }))
}

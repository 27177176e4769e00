import type { VisitPlan } from '../plan/load/visit-plan.ts'

type Step = VisitPlan['journeys'][number]['steps'][number]

/** Hides the secrets of a value, by the names of its fields. */
type Hide = <Value>(value: Value, where: string) => Value

/** Where the secrets of journeys were written, for the warning about them. */
const where = 'journeys of the scenario'

/** Visits without the secrets in header fields and bodies of their requests. Templates stay: their values are those of a visit. */
export function hideInVisits(visits: VisitPlan, hide: Hide): VisitPlan {
  return {
    ...visits,
    journeys: visits.journeys.map((journey) => ({
      ...journey,
      steps: journey.steps.map((step) => hiddenStep(step, hide)),
    })),
  }
}

function hiddenStep(step: Step, hide: Hide): Step {
  if (step.kind !== 'request') return step
  const { body } = step
  const headers = hiddenFields(step.headers, hide)
  if (body === undefined) return { ...step, headers }
  return {
    ...{ ...step, headers },
    body:
      body.kind === 'form'
        ? { ...body, fields: hiddenFields(body.fields, hide) }
        : { ...body, text: isTemplate(body.text) ? body.text : hide(body.text, where) },
  }
}

function hiddenFields(fields: Record<string, string>, hide: Hide): Record<string, string> {
  const literal = Object.entries(fields).filter(([, value]) => !isTemplate(value))
  return { ...fields, ...hide(Object.fromEntries(literal), where) }
}

function isTemplate(text: string): boolean {
  return text.includes('{{')
}

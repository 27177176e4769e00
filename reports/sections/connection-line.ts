import { percent } from '../../src/kit/units.ts'
import { streamsOf } from '../../src/plan/transport.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'

type Facts = NonNullable<Measurement['connections']>

/**
 * How the connections to a server were made, in clauses: protocol, TLS and addresses. None where they were plain HTTP/1.1 to
 * one address, as to targets that lb starts, and in a run of `lb tune`, where each knob has its own.
 */
export function connectionParts({ trials, plan, tune }: ResultDocument): string[] {
  if (tune !== undefined) return []
  const facts = trials.flatMap(({ connections }) => connections ?? []).filter(isSpecial)
  const settings = Object.values(plan.settings ?? {})
  const isUnchecked = settings.some(({ insecure }) => insecure === true)
  const streams = Math.max(1, ...settings.map(streamsOf))
  return [
    ...new Set(facts.map(protocolOf)),
    ...(streams > 1 ? [`up to ${streams} requests in flight on each`] : []),
    ...(isUnchecked ? ['certificates were not checked (--insecure)'] : []),
    ...addressParts(facts),
  ]
}

/** The same in one line; undefined where there is none. */
export function connectionLine(document: ResultDocument): string | undefined {
  const parts = connectionParts(document)
  return parts.length === 0 ? undefined : `connections: ${parts.join(', ')}`
}

function isSpecial({ protocol, tls, addresses }: Facts): boolean {
  const names = Object.keys(addresses)
  return (
    protocol === 'h2' ||
    tls !== undefined ||
    names.length > 1 ||
    names.some((name) => name.startsWith('unix:'))
  )
}

function protocolOf({ protocol, tls }: Facts): string {
  const name = protocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1'
  if (tls === undefined) return `${name} in clear text`
  const negotiated = Object.keys(tls.negotiated).map((one) => one.replace(' ', ', '))
  return `${name} over ${negotiated.length === 0 ? 'TLS' : negotiated.join(' and ')}`
}

/** Each address with its share of the responses, where there are several. */
function addressParts(facts: readonly Facts[]): string[] {
  const responses = new Map<string, number>()
  const unreachable = new Map<string, string>()
  for (const [name, one] of facts.flatMap(({ addresses }) => Object.entries(addresses))) {
    responses.set(name, (responses.get(name) ?? 0) + one.responses)
    if (one.unreachable !== undefined) unreachable.set(name, one.unreachable)
  }
  if (responses.size < 2) return [...responses.keys()].filter((name) => name.startsWith('unix:'))
  const all = [...responses.values()].reduce((sum, count) => sum + count, 0)
  return [...responses].map(([name, count]) => {
    const error = unreachable.get(name)
    return error === undefined || count > 0
      ? `${name} ${percent(all === 0 ? 0 : count / all)}`
      : `${name} left out (${error})`
  })
}

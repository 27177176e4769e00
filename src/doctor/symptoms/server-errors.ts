import { percent } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import type { Evidence, Observed, Proposals } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** A class of statuses with its leaf, for responses that the backends alone do not give. RFC 9110, section 15. */
interface StatusLeaf {
  readonly name: string
  readonly statuses: RegExp
  readonly says: string
  readonly certainty: Leaf['certainty']
  readonly advice: string
  command(propose: Proposals): string
}

const leaves: readonly StatusLeaf[] = [
  {
    name: 'bad-gateway',
    statuses: /^502$/,
    says: 'the balancer got no valid response from a backend: it refused, closed or broke the connection',
    certainty: 'shown',
    advice: 'compare idle time-outs of balancer and backends, and look whether backends restart',
    command: (propose) => propose.once(),
  },
  {
    name: 'unavailable',
    statuses: /^503$/,
    says: 'the balancer had no backend to use: all ejected, all full, or a limit was reached',
    certainty: 'likely',
    advice: 'its metrics say which: ejections, panic, local replies by reason',
    command: (propose) => propose.capacity('errors<0.1%'),
  },
  {
    name: 'gateway-timeout',
    statuses: /^504$/,
    says: 'a backend did not respond within the time-out of the balancer',
    certainty: 'shown',
    advice: 'a lower rate: where 504 ends, the backends were full',
    command: (propose) => propose.capacity('errors<0.1%'),
  },
  {
    name: 'rate-limited',
    statuses: /^429$/,
    says: 'a rate limit refused requests: all come from one address here',
    certainty: 'shown',
    advice: 'raise the limit, or leave it out while measuring',
    command: (propose) => propose.once(),
  },
  {
    name: 'server-error',
    statuses: /^5/,
    says: 'responses are 5xx; the figures do not say whether balancer or backend made them',
    certainty: 'open',
    advice: 'look at one response: its Server or Via field and its body name the maker',
    command: (propose) => propose.once(),
  },
  {
    name: 'refused-request',
    statuses: /^[34]|^400 or above|^other than/,
    says: 'the request itself is refused or redirected',
    certainty: 'open',
    advice: 'look at one request with its response: path, Host, credentials',
    command: (propose) => propose.once(),
  },
]

/** Responses without a 2xx status. */
export const serverErrors: Symptom = {
  name: 'server-errors',
  title: '5xx and other failed responses',
  examine(evidence) {
    const shares = evidence.observed.map(
      (one) => statusesOf(one).reduce((sum, [, n]) => sum + n, 0) / Math.max(1, one.requests),
    )
    return {
      found: `at most ${percent(Math.max(0, ...shares))} of the responses had a status that is no success`,
      leaves: evidence.observed.flatMap((one) => leavesOf(one, evidence)),
    }
  },
}

/** Failed responses by status: the kinds `status 503` without their first word. */
function statusesOf({ kinds }: Pick<Observed, 'kinds'>): [status: string, count: number][] {
  return Object.entries(kinds)
    .filter(([kind, count]) => kind.startsWith('status ') && count > 0)
    .map(([kind, count]) => [kind.slice('status '.length), count])
}

function leavesOf(one: Observed, { propose }: Evidence): Leaf[] {
  const { subject, requests, controlKinds, hasFaults } = one
  const found = statusesOf(one)
  if (found.length === 0) return []
  const ofControl = statusesOf({ kinds: controlKinds ?? {} })
  const own = found.filter(([status]) => !ofControl.some(([other]) => other === status))
  const faults = hasFaults ? ['faults were injected into backends in this run'] : []
  const words = (all: typeof found) => all.map(([status, n]) => `${status} ${n}×`).join(', ')
  const byBackends: Leaf[] =
    own.length === found.length
      ? []
      : [
          {
            ...{ name: 'from-backends', subject, certainty: 'shown' },
            says: 'the backends respond with this status without a balancer, too',
            evidence: [`without a balancer: ${words(ofControl)}`, ...faults],
            advice: 'look at the backends, or at errorRate of the scenario',
            command: propose.again(['--target', 'direct']),
          },
        ]
  const byLeaf = Map.groupBy(own, ([status]) =>
    leaves.find(({ statuses }) => statuses.test(status)),
  )
  return [
    ...byBackends,
    ...[...byLeaf].flatMap(([leaf, responses]): Leaf[] => {
      if (leaf === undefined) return []
      const { name, says, certainty, advice, command } = leaf
      const evidence = [`of ${requests} requests: status ${words(responses)}`, ...faults]
      return [{ name, subject, says, certainty, evidence, advice, command: command(propose) }]
    }),
  ]
}

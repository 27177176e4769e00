import { plural } from '../../src/kit/plural.ts'
import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type {
  ImpliedInFlight,
  QuotedFigure,
  Remark,
  RemarkCode,
  RemarkValuesOf,
} from '../../src/result/remark.ts'

/** The law behind a remark, and the sentence about these figures. */
interface Wording<Code extends RemarkCode> {
  readonly law: string
  sentence(values: RemarkValuesOf<Code>): string
}

const wordings: { readonly [Code in RemarkCode]: Wording<Code> } = {
  'same-thing-twice': {
    law: 'duplicate figure',
    sentence: ({ first, second, target, algorithm, cores, ratio, closeTo }) => {
      const subject = `${target === 'reference' ? '' : `${target} `}${algorithm}`
      const near =
        closeTo === undefined
          ? ''
          : `; the first is close to the figure of ${closeTo.table} for ${plural(closeTo.cores, 'core')} (${closeTo.text})`
      return `${quoted(first)} and ${quoted(second)} are both of ${subject} on ${plural(cores, 'core')}, but differ by a factor of ${rounded(ratio)}${near}.`
    },
  },
  'load-too-small': {
    law: 'load',
    sentence: ({ load, maxRate, figures, lowest, highest }) => {
      const above =
        figures === 1
          ? `one documented figure, ${lowest}, is above that, so this load cannot have produced it`
          : `${figures} documented figures, ${lowest} to ${highest}, are above that, so this load cannot have produced them`
      return `${load.name} (${load.users} users, each pausing ${quantity(load.pause, 's')}) sends at most ${rounded(maxRate)} req/s, users ÷ pause; ${above}.`
    },
  },
  'users-not-busy': {
    law: "Little's law",
    sentence: ({ load, row, throughput, latency, busy }) =>
      `${row}: ${throughput} at ${latency}${load.pause > 0 ? ' and the pause' : ''} keep ${rounded(busy)} users busy, but ${load.name} has ${load.users}.`,
  },
  'different-loads': {
    law: "Little's law",
    sentence: ({ rows }) =>
      `throughput × latency is the number of requests in flight, and differs between the rows, so their loads differed: ${implied(rows)}.`,
  },
  'closed-loop': {
    law: "Little's law",
    sentence: ({ rows, minConnections, maxConnections }) => {
      const connections = [...new Set([minConnections, maxConnections])].join(' to ')
      return `throughput × latency is the number of requests in flight, so each row is one measurement and not two (${implied(rows)}): a closed loop of ${connections} connections.`
    },
  },
  superlinear: {
    law: 'efficiency',
    sentence: ({ from, to, gain, growth }) =>
      `${quoted(from)} to ${quoted(to)}: ${rounded(gain)} times the throughput on ${rounded(growth)} times the cores is an efficiency of ${percent(gain / growth)}; above 100 %, something other than the cores usually limited the smaller run.`,
  },
  'cpu-beyond-cores': {
    law: 'utilisation law',
    sentence: ({ figure, cores }) =>
      `${quoted(figure)} is more than the ${plural(cores, 'core')} that it had.`,
  },
  'throughput-beyond-cpu': {
    law: 'utilisation law',
    sentence: ({ row, cpuSeconds, used, ofCores, throughput, cores, maxRate, figure }) =>
      `${row} takes ${quantity(cpuSeconds, 's')} of CPU per request (${used} of ${plural(ofCores, 'core')} at ${throughput}), so ${plural(cores, 'core')} can serve at most ${rounded(maxRate)} req/s; ${quoted(figure)} is more.`,
  },
  'cpu-idle': {
    law: 'saturation',
    sentence: ({ rows }) => {
      const used = rows.map(
        ({ row, used, cores }) => `${used} of ${plural(cores, 'core')} (${row})`,
      )
      return `with ${used.join(', ')} in use, CPU was not the bottleneck: these throughputs are those of the load or of one busy thread, not the maximum of the balancer.`
    },
  },
}

/** The law behind a remark: `Little's law`. */
export function remarkLaw({ code }: Remark): string {
  return wordings[code].law
}

/** A remark as `law: sentence.` */
export function remarkWords({ code, values }: Remark): string {
  // Values of one code belong to its wording, which the type of a union of functions cannot express.
  const sentence = wordings[code].sentence as (values: Remark['values']) => string
  return `${wordings[code].law}: ${sentence(values)}`
}

/** `15,000 req/s (Throughput, Round robin)` */
function quoted({ table, row, text }: QuotedFigure): string {
  return `${text} (${table}, ${row})`
}

/** `Round robin 15,000 req/s × 2.5 ms = 37.5; …` */
function implied(rows: readonly ImpliedInFlight[]): string {
  return rows
    .map(
      ({ row, throughput, latency, requests }) =>
        `${row} ${throughput} × ${latency} = ${rounded(requests)}`,
    )
    .join('; ')
}

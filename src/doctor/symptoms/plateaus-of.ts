import { rounded } from '../../kit/units.ts'
import type { Finding, ResultDocument } from '../../result/document.ts'
import type { Plateau } from './observed.ts'

/** Growth in cores of a step that must show in throughput, and the growth of throughput below which it does not. */
const step = { cores: 1.5, throughput: 1.15 }

/** Where throughput does not follow the cores, and where no arm was its own bottleneck. */
export function plateausOf(document: ResultDocument): Plateau[] {
  const steps = stepsOf(document)
  return steps.length > 0 ? steps : boundedArms(document)
}

function stepsOf({ curves, findings }: ResultDocument): Plateau[] {
  return curves.flatMap(({ points }) => {
    const valid = points.filter(({ speedup }) => speedup !== undefined)
    return valid.slice(1).flatMap((point, i): Plateau[] => {
      const before = valid[i] as typeof point
      const cores = point.cores / before.cores
      const gained = (point.speedup ?? 0) / (before.speedup ?? 1)
      if (cores < step.cores || gained >= step.throughput) return []
      const finding = findings.find(({ arm, phase }) => arm === point.arm && phase === 'capacity')
      return [
        {
          subject: point.arm,
          evidence: [
            `${rounded(cores)} times the cores gave ${rounded(gained)} times the throughput`,
          ],
          bottleneck: finding?.bottleneck ?? 'none',
        },
      ]
    })
  })
}

/** Arms of the capacity phase that the driver or the backends limit: they all measure the same thing. */
function boundedArms({ findings, plan }: ResultDocument): Plateau[] {
  const own = findings.filter(
    ({ arm, phase, validity }) =>
      arm !== plan.control && phase === 'capacity' && validity === 'valid',
  )
  const [first] = own
  if (first === undefined || !own.every(isBounded)) return []
  return [
    {
      subject: own.length === 1 ? first.arm : `all ${own.length} arms`,
      evidence: [
        `no arm was its own bottleneck: ${own.map(({ arm, metrics }) => `${arm} ${rounded(metrics.throughput?.center ?? 0)} req/s`).join(', ')}`,
      ],
      bottleneck: first.bottleneck,
    },
  ]
}

function isBounded({ isLowerBound, bottleneck }: Finding): boolean {
  return isLowerBound && (bottleneck === 'driver' || bottleneck === 'backends')
}

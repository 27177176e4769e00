import type { Summary } from '../../result/document.ts'
import type { Shape } from '../../result/reproduction.ts'

/** A documented ratio, and how far its figures may be rounded. */
export interface DocumentedRatio {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** A figure with half of its last digit. */
interface Rounded {
  readonly value: number
  readonly slack: number
}

/** Documented figure ÷ that of the base, with what rounding leaves open. */
export function documentedRatio(figure: Rounded, base: Rounded): DocumentedRatio {
  return {
    value: figure.value / base.value,
    low: Math.max(0, figure.value - figure.slack) / (base.value + base.slack),
    high:
      base.value > base.slack
        ? (figure.value + figure.slack) / (base.value - base.slack)
        : Number.POSITIVE_INFINITY,
  }
}

/**
 * Whether a measured ratio is the documented one. It differs where its interval leaves the documented ratio
 * out by more than does not matter (`margin`, δ). It agrees where the interval holds it and tells something:
 * which of the two is more, or that they are the same within δ. Else the trials do not tell.
 */
export function ratioShape(
  documented: DocumentedRatio,
  measured: Summary,
  margin: number,
): 'agrees' | 'differs' | 'inconclusive' {
  const { low, high } = measured
  const inside = (center: number) => low >= center / (1 + margin) && high <= center * (1 + margin)
  const tells = low > 1 || high < 1 || inside(1) || inside(documented.value)
  return verdict(documented, measured, { margin, tells })
}

/** Half-width up to which an interval of an efficiency says something. */
const efficiencyWidth = 0.1

/** Whether a measured efficiency is the documented one; an interval of more than ± 10 % does not tell. */
export function efficiencyShape(
  documented: DocumentedRatio,
  measured: Summary,
  margin: number,
): 'agrees' | 'differs' | 'inconclusive' {
  const tells = measured.high <= measured.low * (1 + efficiencyWidth) ** 2
  return verdict(documented, measured, { margin, tells })
}

function verdict(
  documented: DocumentedRatio,
  { center, low, high }: Summary,
  { margin, tells }: { readonly margin: number; readonly tells: boolean },
): Exclude<Shape['answer'], 'not judged'> {
  const holds = low <= documented.high && high >= documented.low
  if (holds) return tells ? 'agrees' : 'inconclusive'
  const apart = Math.abs(Math.log(center / documented.value))
  return apart > Math.log1p(margin) ? 'differs' : 'agrees'
}

/** What a pair of rows says of their documented order; δ as above. */
export function orderOf(
  documented: number,
  { low, high }: Summary,
  margin: number,
): 'agrees' | 'differs' | 'inconclusive' {
  const [more, less] = [low > 1, high < 1]
  if (more || less) return more === documented > 1 ? 'agrees' : 'differs'
  return low > 1 / (1 + margin) && high < 1 + margin ? 'differs' : 'inconclusive'
}

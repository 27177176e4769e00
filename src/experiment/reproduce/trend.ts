import type { Summary } from '../../result/document.ts'
import type { TrendOutcome } from '../../result/reproduction.ts'

/** A documented ratio with its rounding interval. */
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

/** Documented figure ÷ that of the base row, with the interval that rounding leaves open. */
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

type Outcome = Exclude<TrendOutcome, 'not judged'>

/**
 * Compares a measured ratio with the documented one. It differs where the interval excludes the documented ratio
 * and the estimate is off by more than δ (`margin`). It agrees where the interval contains it and is informative:
 * it excludes 1, or lies within δ of 1 or of the documented ratio. Otherwise it is inconclusive.
 */
export function compareRatio(
  documented: DocumentedRatio,
  measured: Summary,
  margin: number,
): Outcome {
  const { low, high } = measured
  const isWithin = (center: number) => low >= center / (1 + margin) && high <= center * (1 + margin)
  const isInformative = low > 1 || high < 1 || isWithin(1) || isWithin(documented.value)
  return outcomeOf(documented, measured, { margin, isInformative })
}

/** Half-width of an efficiency's interval, as a fraction, above which it is inconclusive. */
const maxHalfWidth = 0.1

/** Compares a measured efficiency with the documented one; an interval wider than ± 10 % is inconclusive. */
export function compareEfficiency(
  documented: DocumentedRatio,
  measured: Summary,
  margin: number,
): Outcome {
  const isInformative = measured.high <= measured.low * (1 + maxHalfWidth) ** 2
  return outcomeOf(documented, measured, { margin, isInformative })
}

function outcomeOf(
  documented: DocumentedRatio,
  { center, low, high }: Summary,
  { margin, isInformative }: { readonly margin: number; readonly isInformative: boolean },
): Outcome {
  const isCovered = low <= documented.high && high >= documented.low
  if (isCovered) return isInformative ? 'agrees' : 'inconclusive'
  const distance = Math.abs(Math.log(center / documented.value))
  return distance > Math.log1p(margin) ? 'differs' : 'agrees'
}

/** Compares the measured order of two rows with the documented one (a ratio); within δ of 1 they have no order. */
export function compareOrder(documented: number, { low, high }: Summary, margin: number): Outcome {
  const [isMore, isLess] = [low > 1, high < 1]
  if (isMore || isLess) return isMore === documented > 1 ? 'agrees' : 'differs'
  return low > 1 / (1 + margin) && high < 1 + margin ? 'differs' : 'inconclusive'
}

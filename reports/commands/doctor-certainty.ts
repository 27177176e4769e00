import type { Leaf } from '../../src/result/diagnosis.ts'

/** How far the evidence of a leaf goes, in words. */
export const certaintyWords: Readonly<Record<Leaf['certainty'], string>> = {
  shown: 'the figures show it',
  likely: 'the figures fit it, and other causes',
  open: 'the figures stop short of a cause',
}

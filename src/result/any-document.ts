import type { ChoiceDocument } from './choice.ts'
import type { ResultDocument } from './document.ts'
import type { LoadResult } from './schemas/load.ts'
import type { SimulationDocument } from './simulation.ts'

/** A result that can be stored as the last run and shown by `lb report`. */
export type AnyDocument = ResultDocument | LoadResult | SimulationDocument | ChoiceDocument

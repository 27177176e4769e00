import { type Placement, place } from '../../../src/lab/cores.ts'

/** A placement on one CPU: of trials on nodes only its numbers of processes count. */
export const placementOfOne: Placement = place({ cpus: [0], cores: 1 })

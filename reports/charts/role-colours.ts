import { colourAt } from './shown-arms.ts'

/** The processes that a trial is charged with. */
export const roles = ['target', 'driver', 'backends'] as const
export type Role = (typeof roles)[number]

/** The roles take their colours from the far end, where few arms have theirs. */
export const roleColours = { domain: [...roles], range: [7, 4, 5].map(colourAt) }

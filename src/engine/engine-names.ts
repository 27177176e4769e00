/** Names of engines, in the order of help. */
export const engineNames = ['local', 'ssh', 'slurm'] as const
export type EngineName = (typeof engineNames)[number]

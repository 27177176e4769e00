import { boolean, option, string } from '@oclif/core/flags'
import { type EngineName, engineNames } from '../engine/engine-names.ts'

/** Values of the flags of engines. */
export interface EngineFlags {
  readonly engine: EngineName
  readonly nodes?: string | undefined
}

/** Flags of commands whose drivers may run on other hosts. */
export const engineFlags = {
  engine: option({
    helpGroup: 'LOAD',
    summary:
      'What starts drivers, backends and target: local (processes of this host), ssh or slurm (on --nodes; docs/guide/many-machines.md).',
    options: engineNames,
    default: 'local' as const,
  })(),
  nodes: string({
    helpGroup: 'LOAD',
    summary:
      'Nodes of drivers, and of backends and target where lb starts these there: drivers=HOST,HOST,backends=HOST,target=HOST for ssh, drivers=N,backends=1,target=1 for slurm, or a YAML file. A node of drivers has one, unless --drivers is given.',
    helpValue: 'NODES',
  }),
}

/** `--allow-degraded`. */
export const allowDegradedFlag = boolean({
  helpGroup: 'GATE',
  summary:
    'Accept a result that lacks the part of a lost driver: it is no reason for exit code 97.',
})

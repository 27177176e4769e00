import { UsageError } from '../kit/errors.ts'
import type { Target, TargetOptions } from './target.ts'
import { fill } from './template.ts'

/** Any program that the user can start by a line of shell. */
export const command: Target = {
  name: 'command',
  summary: 'any program, started by --command with {port} and {backends} in it',
  algorithms: {},
  needs: 'command',

  unavailable: async () => undefined,
  version: async () => undefined,

  commandLine: filled,

  prepare: async (options) => ({
    by: 'port',
    file: '/bin/sh',
    args: ['-c', filled(options)],
    port: options.port,
  }),
}

function filled({ arm, backends, port, folder, settings }: TargetOptions): string {
  const line = arm.variant?.command ?? settings?.command
  if (!line?.includes('{port}')) {
    throw new UsageError(
      line === undefined ? 'target command: which?' : '--command does not say {port}',
      'Say it like --command "balance --listen {port} --to {backends}".',
    )
  }
  return fill(line, {
    port,
    backends: backends.map(({ url }) => url.origin).join(','),
    workers: arm.cores,
    scratch: folder,
  })
}

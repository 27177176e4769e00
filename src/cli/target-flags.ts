import { readFile } from 'node:fs/promises'
import { boolean, string } from '@oclif/core/flags'
import { UsageError } from '../kit/errors.ts'
import { count } from './flags.ts'

/** Flags that say of a target what only the user can. */
export const targetFlags = {
  url: string({ summary: 'For --target url: where it answers.', helpValue: 'URL' }),
  pid: count({ summary: 'For --target url: its first process, for its costs.', helpValue: 'PID' }),
  command: string({
    summary: 'For --target command: what to run, with {port} and {backends} in it.',
    helpValue: 'LINE',
  }),
  'target-config': string({
    summary: 'Your own configuration for a target, with {placeholders}: see docs/guide/targets.md.',
    helpValue: 'TARGET=FILE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'dump-config': boolean({
    summary: 'Only print the configuration that each arm would be started with.',
  }),
}

/** What those flags were given. */
export interface TargetFlags {
  readonly url?: string | undefined
  readonly pid?: number | undefined
  readonly command?: string | undefined
  readonly 'target-config'?: readonly string[] | undefined
}

/** Settings by the names of their targets. */
type Settings = Record<string, { url?: string; pid?: number; command?: string; template?: string }>

/**
 * What the flags say of targets; undefined where they say nothing.
 *
 * @throws {UsageError} a configuration cannot be read
 */
export async function settingsOf(flags: TargetFlags): Promise<Settings | undefined> {
  const { url, pid, command } = flags
  const settings: Settings = {}
  if (url !== undefined || pid !== undefined) {
    settings.url = { ...(url !== undefined && { url }), ...(pid !== undefined && { pid }) }
  }
  if (command !== undefined) settings.command = { command }
  for (const typed of flags['target-config'] ?? []) {
    const [, name = '', file = ''] = /^([^=]+)=(.+)$/.exec(typed) ?? []
    if (file === '') {
      throw new UsageError(`--target-config "${typed}" names no file`, 'give it as nginx=FILE')
    }
    const template = await readFile(file, 'utf8').catch((cause) => {
      throw new UsageError(
        `cannot read ${file} (${cause.code})`,
        'give the path of a configuration',
      )
    })
    settings[name] = { ...settings[name], template }
  }
  return Object.keys(settings).length > 0 ? settings : undefined
}

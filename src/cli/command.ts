import { Command } from '@oclif/core/command'
import { ExitError } from '@oclif/core/errors'
import { boolean } from '@oclif/core/flags'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { RenderOptions } from '../kit/render-options.ts'
import { drained, printError } from './print-error.ts'
import { renderOptionsFor } from './terminal.ts'

/**
 * What every command shares: `--json`, `--no-color`, errors in one line with a remedy, and exit codes
 * that come out right with and without `--json`.
 */
export abstract class LbCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    'no-color': boolean({ summary: 'Print without colour.', helpGroup: 'GLOBAL' }),
  }

  /** What standard output can show, by the `--no-color` flag and its surroundings. */
  protected look(flags: { 'no-color': boolean }): RenderOptions {
    return renderOptionsFor(process.stdout, { env: process.env, noColour: flags['no-color'] })
  }

  /** Writes text as it is, its own line ends included; under `--json` nothing. */
  protected print(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(text)
  }

  #exitCode: ExitCode = exitCodes.fine

  /**
   * Ends the command with `code` once its result is printed. Oclif's own `exit` would lose the result
   * under `--json`, and turn the code into 1.
   */
  protected endWith(code: ExitCode): void {
    this.#exitCode = code
  }

  protected override async _run<T>(): Promise<T> {
    const result = await super._run<T>()
    if (this.#exitCode !== exitCodes.fine) {
      await drained(process.stdout)
      this.exit(this.#exitCode)
    }
    return result
  }

  protected override async catch(error: unknown): Promise<never> {
    if (error instanceof ExitError) throw error
    const { baseFlags, flags } = this.ctor
    this.debug(error)
    throw await printError(error, {
      command: `${this.config.bin} ${this.id?.replaceAll(':', ' ') ?? ''}`.trim(),
      flags: Object.keys({ ...baseFlags, ...flags, json: undefined }),
      json: this.jsonEnabled(),
    })
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`)
  }
}

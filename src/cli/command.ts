import { Command } from '@oclif/core/command'
import { ExitError } from '@oclif/core/errors'
import { boolean } from '@oclif/core/flags'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import { failure, line } from './failure.ts'

// Piping into `head` closes stdout early, which oclif swallows; the same may befall stderr.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/**
 * What every command shares: `--json`, `--no-color`, errors in one line with a remedy, and exit codes
 * that come out right with and without `--json`.
 */
export abstract class LbCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    'no-color': boolean({ summary: 'Print without colour.', helpGroup: 'GLOBAL' }),
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
    const said = failure(error, {
      command: `${this.config.bin} ${this.id?.replaceAll(':', ' ') ?? ''}`.trim(),
      flags: Object.keys({ ...baseFlags, ...flags, json: undefined }),
    })
    if (this.jsonEnabled()) this.logJson({ error: said })
    else process.stderr.write(`${line(said)}\n`)
    await drained(process.stdout)
    this.debug(error)
    // The message was printed above: oclif only has to leave with the code.
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      message: said.message,
      oclif: { exit: said.exitCode },
      skipOclifErrorHandling: true,
    })
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`)
  }
}

/** Waits until what was written has left, since oclif ends the process without asking. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', 'utf8', () => resolve())
  })
}

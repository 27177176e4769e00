import { ProfileError } from './profile-error.ts'

/**
 * Code that is loaded with its first use, and stays, also where its files are replaced by those of another version. What
 * could not be loaded is tried again.
 *
 * @returns a function that throws ProfileError where it cannot be loaded
 */
export function loadedOnce<Code>(load: () => Promise<Code>): () => Promise<Code> {
  let loaded: Promise<Code> | undefined
  return () => {
    loaded ??= load().catch((cause: Error) => {
      loaded = undefined
      throw new ProfileError(
        `the code that reads profiles cannot be loaded: ${cause.message}`,
        'restart the balancer: its files were replaced while it ran',
        { cause },
      )
    })
    return loaded
  }
}

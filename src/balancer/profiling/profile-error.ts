/** A profile that cannot be taken now, through no fault of the request: what is in the way, and what to do. */
export class ProfileError extends Error {
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** The error of a thread that could not start a profile, or end it. */
export function threadError(cause: unknown): ProfileError {
  if (cause instanceof ProfileError) return cause
  return new ProfileError(
    `V8 refuses the profile: ${(cause as Error).message}`,
    'end the other profiler of this process: an inspector session, --cpu-prof or --heap-prof',
    { cause },
  )
}

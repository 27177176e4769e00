import { type FrameCosts, frameCosts } from '../../profile/diff/frame-costs.ts'
import type { TrialProfile } from './profile-trials.ts'

/** The cost of each frame of a trial, per request; undefined where the trial has no profile, is invalid, or had no request. */
export function profiledCosts({ measurement, profile }: TrialProfile): FrameCosts | undefined {
  const { verdict, window, windowSeconds } = measurement
  if (profile === undefined || !verdict.valid) return undefined
  // The profile is a part of the window; at most all requests, where it is longer.
  const part = Math.min(1, profile.seconds / windowSeconds)
  const requests = (window.ok + window.non2xx) * part
  return requests > 0 ? frameCosts(profile, requests) : undefined
}

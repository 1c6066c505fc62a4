/** The sound chunk, for owners who ask for a sound: two short soft tones, made here so that there is no file to load. */

let audio: AudioContext | undefined

/** Plays a rising third of a quarter of a second. Browsers are silent until the visitor has touched the page. */
export function chime(): void {
  if (!('AudioContext' in window)) return
  audio ??= new AudioContext()
  void audio.resume()
  const start = audio.currentTime
  tone(audio, 660, start)
  tone(audio, 830, start + 0.09)
}

function tone(context: AudioContext, frequency: number, at: number): void {
  const volume = context.createGain()
  // Fades in and out: a sudden start or end is heard as a click.
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(0.08, at + 0.01)
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.18)
  const source = new OscillatorNode(context, { frequency })
  source.connect(volume).connect(context.destination)
  source.start(at)
  source.stop(at + 0.2)
}

/** What a state sounds like. Nothing sounds by itself: it would tell whoever stands by that something has come. */
import { language } from "../i18n";

const STEP_SECONDS = 0.2;
const LOUDNESS = 0.2;

let sounding: AudioContext | null = null;

/** The tones, in hertz, one after the other; then the words, where the phone itself has a voice for the language. */
export function sound(tones: readonly number[], words: string): void {
  hush();
  const voice = voiceFor(language.value); // some browsers only begin to look for their voices when they are asked
  const context = new AudioContext();
  sounding = context;
  const tone = context.createOscillator();
  const loud = context.createGain();
  loud.gain.value = LOUDNESS;
  tone.connect(loud).connect(context.destination);
  for (const [n, hertz] of tones.entries()) {
    tone.frequency.setValueAtTime(hertz, context.currentTime + n * STEP_SECONDS);
  }
  tone.start();
  tone.stop(context.currentTime + (tones.length + 1) * STEP_SECONDS);
  tone.onended = () => {
    if (sounding !== context) return;
    still();
    say(words, voice ?? voiceFor(language.value));
  };
}

function still(): void {
  void sounding?.close();
  sounding = null;
}

/** Silent at once, recordings too: whoever leaves a screen, the app or the phone does not want to be heard. */
export function hush(): void {
  still();
  globalThis.speechSynthesis?.cancel();
  for (const recording of document.querySelectorAll("audio")) recording.pause();
}

/** One on the phone: others send the words to somebody's server. */
function voiceFor(spoken: string): SpeechSynthesisVoice | undefined {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find(({ lang, localService }) => localService && lang.startsWith(spoken));
}

function say(words: string, voice: SpeechSynthesisVoice | undefined): void {
  if (!voice) return;
  const said = new SpeechSynthesisUtterance(words);
  said.voice = voice;
  said.lang = voice.lang;
  speechSynthesis.speak(said);
}

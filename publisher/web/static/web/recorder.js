// Recording a voice on the writing page: start, speak, stop. The sound then goes the way of any chosen file.
"use strict";

const LONGEST_MS = 20 * 60 * 1000;
let running = null; // the one recording under way
let returnTo = ""; // the button to be focused again when its field comes back from the server

function offerRecorders(root) {
  if (!window.MediaRecorder || !navigator.mediaDevices) return; // a page without TLS: choosing a file remains
  for (const part of root.querySelectorAll("[data-recorder]")) part.hidden = false;
  if (returnTo && root.querySelector(`#${returnTo}`)) {
    root.querySelector(`#${returnTo}`).focus();
    returnTo = "";
  }
}

function say(part, name) {
  part.querySelector("[role=status]").textContent = name ? part.dataset[name] : "";
}

function showRunning(part, on) {
  const button = part.querySelector("button");
  button.textContent = on ? part.dataset.stop : part.dataset.start;
  button.setAttribute("aria-pressed", String(on));
  part.querySelector("meter").hidden = !on;
}

function watchLevel(part, stream) {
  const context = new AudioContext();
  const ear = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(ear);
  const wave = new Float32Array(ear.fftSize);
  const meter = part.querySelector("meter");
  const timer = setInterval(() => {
    ear.getFloatTimeDomainData(wave);
    meter.value = wave.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  }, 100);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

async function start(part) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  } catch {
    say(part, "refused");
    return;
  }
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 48000 });
  const pieces = [];
  const stopLevel = watchLevel(part, stream);
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.addEventListener("stop", () => {
    running = null;
    stopLevel();
    for (const track of stream.getTracks()) track.stop();
    showRunning(part, false);
    say(part, "sending");
    hand(part, new Blob(pieces, { type: recorder.mimeType }));
  });
  running = recorder;
  recorder.start();
  setTimeout(() => recorder.state === "recording" && recorder.stop(), LONGEST_MS);
  showRunning(part, true);
  say(part, "running");
}

// Into the file field beside the button: from there on nobody needs to know where the file came from.
function hand(part, blob) {
  const input = part.closest(".field").querySelector("input[type=file]");
  const button = part.querySelector("button");
  if (document.activeElement === button) returnTo = button.id;
  const files = new DataTransfer();
  const ending = blob.type.includes("mp4") ? "m4a" : blob.type.includes("ogg") ? "ogg" : "webm";
  files.items.add(new File([blob], `ghi-am.${ending}`, { type: blob.type }));
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-recorder] button");
  if (!button) return;
  if (running) running.stop();
  else start(button.closest("[data-recorder]"));
});

document.addEventListener("htmx:load", (event) => offerRecorders(event.detail.elt));
document.addEventListener("DOMContentLoaded", () => offerRecorders(document));

// Reads codes with the camera where the browser can; where it cannot, says so.
//
// A code that stays in front of the lens is one scan; the same code counts again after it was out of sight, for the same
// item is packed twice by showing it twice. Where a format settles the symbology identifier, that goes along; no other is
// guessed.
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useWordsOfScan } from "../words";

interface Found {
  rawValue: string;
  format: string;
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<Found[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const FORMATS = ["qr_code", "data_matrix", "code_128", "ean_13", "ean_8", "upc_a", "upc_e", "itf", "code_39"];
/** Symbology identifiers that a format settles (ISO/IEC 15424). */
const AIM: Readonly<Record<string, string>> = { ean_13: "]E0", ean_8: "]E4" };
/** Between two looks, in milliseconds. */
const LOOK_MS = 120;
/** Looks without a code after which the last one is out of sight. */
const GONE = 4;

export function Camera({ scanned, close }: { scanned: (raw: string, aim?: string) => void; close: () => void }) {
  const t = useWordsOfScan();
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<"none" | "denied">();
  const take = useRef(scanned);
  take.current = scanned;
  useEffect(() => {
    const Detector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!Detector || !devices) {
      setTrouble("none");
      return;
    }
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let last = "";
    let empty = 0;
    const look = async (detector: Detector) => {
      const found = video.current && video.current.readyState >= 2 ? await detector.detect(video.current).catch(() => []) : [];
      if (ended) return;
      const first = found.find((code) => code.rawValue !== "");
      empty = first ? 0 : empty + 1;
      if (empty >= GONE) last = "";
      if (first && first.rawValue !== last) {
        last = first.rawValue;
        take.current(first.rawValue, AIM[first.format]);
      }
      timer = setTimeout(() => void look(detector), LOOK_MS);
    };
    const begin = async () => {
      const known = await Detector.getSupportedFormats();
      if (!ended) await look(new Detector({ formats: FORMATS.filter((format) => known.includes(format)) }));
    };
    devices.getUserMedia({ video: { facingMode: "environment" }, audio: false }).then(
      (given) => {
        stream = given;
        if (ended) return given.getTracks().forEach((track) => track.stop());
        if (video.current) {
          video.current.srcObject = given;
          void video.current.play().catch(() => undefined);
        }
        begin().catch(() => setTrouble("none"));
      },
      () => setTrouble("denied"),
    );
    return () => {
      ended = true;
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  if (trouble) {
    return (
      <p className="banner confirm" role="alert">
        {t.camera[trouble]}
      </p>
    );
  }
  return (
    <div className="camera">
      <video ref={video} muted playsInline aria-label={t.camera.title} />
      <button type="button" className="icon" onClick={close} aria-label={t.camera.close}>
        <X aria-hidden />
      </button>
    </div>
  );
}

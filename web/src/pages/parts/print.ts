/**
 * Files that the server makes (labels, lists, sheets). They are fetched with the token, which a plain link could not
 * carry, and shown from memory; the memory is given back when the window has had time to read it.
 */
import { type Ask, download, fill } from "@/api/client";
import { toast } from "@/ui";

const KEPT_MS = 60_000;

/** Opens a PDF in a window of its own; where windows are blocked, it is saved as a file. */
export async function openFile(path: string, values: Record<string, string | number>, name: string, ask: Ask & { method?: string } = {}): Promise<boolean> {
  // Opened before the request, while the browser still sees the press that asked for it.
  const shown = name.endsWith(".pdf") ? window.open("", "_blank") : null;
  try {
    const blob = await download(ask.method ?? "GET", fill(path, values), ask);
    const url = URL.createObjectURL(blob);
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    if (shown) shown.location.href = url;
    else save(url, name);
    return true;
  } catch (error) {
    shown?.close();
    toast.problem(error);
    return false;
  }
}

/** Saves a file. */
export async function saveFile(path: string, values: Record<string, string | number>, name: string, ask: Ask = {}): Promise<void> {
  try {
    const blob = await download("GET", fill(path, values), ask);
    const url = URL.createObjectURL(blob);
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    save(url, name);
  } catch (error) {
    toast.problem(error);
  }
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

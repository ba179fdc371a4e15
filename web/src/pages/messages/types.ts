/** Names for the shapes of the routes for messages. What the document leaves open is as open here as it is there. */
import type { Body, Schema } from "@/api/react";

export type ConversationRow = Schema["ConversationRow"];
export type Conversation = Schema["ConversationView"];
export type Question = Schema["QuestionView"];
export type PatchPreferences = Schema["PatchPreferences"];
export type Dead = Schema["DeadView"];
export type Template = Schema["TemplateView"];

type Open = Record<string, unknown>;

/** `event` is the thread's own event, read by `thread.ts`. */
export type ThreadEntry = Omit<Schema["ThreadEntry"], "event"> & { event: { type: string } & Open };

/** `settings` are the vendor's, as `vendors.ts` names them. */
export type Connection = Omit<Schema["ConnectionView"], "settings"> & { settings: Open };
export type ConnectionSettings = Body<"/api/v1/connections", "post">["settings"];

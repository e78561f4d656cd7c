/** Drawings of the controls: one path each, on a field of 24 by 24. */

export const PLAY = "M8 5.2v13.6a1 1 0 0 0 1.53.85l10.6-6.8a1 1 0 0 0 0-1.7l-10.6-6.8A1 1 0 0 0 8 5.2Z";
export const PAUSE = "M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
export const CLOSE = "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z";
export const SOUND = "M4 9.5v5h3.2l4.8 4V5.5l-4.8 4H4Zm10.5-1.2v7.4a4.2 4.2 0 0 0 0-7.4Zm0-3.9v2a6 6 0 0 1 0 11.2v2a7.9 7.9 0 0 0 0-15.2Z";
export const SILENT = "M4 9.5v5h3.2l4.8 4V5.5l-4.8 4H4Zm16.8-.3-1.4-1.4-2.2 2.2-2.2-2.2-1.4 1.4 2.2 2.3-2.2 2.2 1.4 1.4 2.2-2.2 2.2 2.2 1.4-1.4-2.2-2.2 2.2-2.3Z";
export const CAPTIONS = "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7c0-1.1.9-2 2-2Zm0 2v10h14V7H5Zm1.5 6.2H12V15H6.5v-1.8Zm7 0h4V15h-4v-1.8Zm-7-3.4h3v1.8h-3V9.8Zm4.5 0h6.5v1.8H11V9.8Z";
export const PIP = "M3 5h18v6h-2V7H5v10h6v2H3V5Zm10 8h8v6h-8v-6Z";
export const FULL = "M4 4h6v2H6v4H4V4Zm10 0h6v6h-2V6h-4V4ZM4 14h2v4h4v2H4v-6Zm14 0h2v6h-6v-2h4v-4Z";
export const SMALL = "M8 4h2v6H4V8h4V4Zm6 0h2v4h4v2h-6V4ZM4 14h6v6H8v-4H4v-2Zm10 0h6v2h-4v4h-2v-6Z";
export const LIST = "M4 6h2.4v2.4H4V6Zm5 .2h11v2H9v-2ZM4 10.8h2.4v2.4H4v-2.4Zm5 .2h11v2H9v-2Zm-5 4.6h2.4V18H4v-2.4Zm5 .2h11v2H9v-2Z";
export const NEXT = "M6 6.2v11.6a.8.8 0 0 0 1.22.68L15 13.6V18h2.4V6H15v4.4L7.22 5.52A.8.8 0 0 0 6 6.2Z";
export const PREVIOUS = "M18 6.2v11.6a.8.8 0 0 1-1.22.68L9 13.6V18H6.6V6H9v4.4l7.78-4.88A.8.8 0 0 1 18 6.2Z";
export const SEARCH = "M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4 4-1.4 1.4-4-4A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z";

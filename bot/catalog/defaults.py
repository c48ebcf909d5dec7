"""Plain words for when `content/phrases.yaml` or `content/line.yaml` is missing or broken: the line still speaks."""

from __future__ import annotations

from bot.catalog.model import LineInfo

LANGUAGES = ("en", "es")

LINE = LineInfo(
    name={"en": "Second Chance Line", "es": "Línea Segunda Oportunidad"},
    tagline={"en": "", "es": ""},
    languages=LANGUAGES,
    contact={},
    topics=(),
)

ASK = {"en": "Which one do you mean?", "es": "¿Cuál quiere decir?"}

_MONTHS_EN = "January February March April May June July August September October November December"
_MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"

PHRASES = {
    "more": {"en": "More", "es": "Más"},
    "menu": {"en": "Menu", "es": "Menú"},
    "person": {"en": "Talk to a person", "es": "Hablar con una persona"},
    "none_of_these": {"en": "None of these", "es": "Ninguna de estas"},
    "keep_going": {"en": "Keep going", "es": "Seguir"},
    "helped": {"en": "This helped", "es": "Me sirvió"},
    "not_helped": {"en": "This did not help", "es": "No me sirvió"},
    "thanks_helped": {"en": "Thank you. What else would you like to know?", "es": "Gracias. ¿Qué más quiere saber?"},
    "thanks_not_helped": {
        "en": "Thank you for saying so. Try other words, or talk to a person.",
        "es": "Gracias por decirlo. Use otras palabras, o hable con una persona.",
    },
    "back": {"en": "Back", "es": "Atrás"},
    "language_name": {"en": "English", "es": "Español"},
    "source": {"en": "Source", "es": "Fuente"},
    "sources": {"en": "Sources", "es": "Fuentes"},
    "checked": {"en": "checked {date}", "es": "revisado en {date}"},
    "not_legal_advice": {"en": "Information, not legal advice", "es": "Información, no asesoría legal"},
    "may_be_old": {
        "en": "This may be out of date; check the source",
        "es": "Puede que esto ya no esté al día; confirme en la fuente",
    },
    "only_in_en": {
        "en": "We have this answer only in English so far.",
        "es": "Por ahora tenemos esta respuesta solo en inglés.",
    },
    "only_in_es": {
        "en": "We have this answer only in Spanish so far.",
        "es": "Por ahora tenemos esta respuesta solo en español.",
    },
    "which_one": {"en": "Did you mean one of these?", "es": "¿Quiso decir una de estas?"},
    "fallback_first": {
        "en": "I did not understand that, or I have no answer for it. Try other words, or pick a topic.",
        "es": "No entendí eso, o no tengo una respuesta. Use otras palabras, o elija un tema.",
    },
    "fallback_second": {
        "en": "I still do not have the answer, and I will not guess. Here is where to find a person.",
        "es": "Todavía no tengo la respuesta, y no voy a inventar una. Aquí puede encontrar a una persona.",
    },
    "reads_text_only": {
        "en": "I can only read text. Please write your question in a few words.",
        "es": "Solo puedo leer texto. Por favor, escriba su pregunta en pocas palabras.",
    },
    "too_long": {
        "en": "That is too long for me. Please send your main question in one or two sentences.",
        "es": "Eso es demasiado largo para mí. Por favor, mande su pregunta principal en una o dos oraciones.",
    },
    "old_button": {
        "en": "That button is from an earlier talk. Please ask again, or open the menu.",
        "es": "Ese botón es de una conversación anterior. Pregunte otra vez, o abra el menú.",
    },
    "error_sorry": {
        "en": "Sorry, something went wrong on our side. Please try again.",
        "es": "Disculpe, algo falló de nuestro lado. Intente otra vez.",
    },
    "kept_inbox": {
        "en": "Your message itself, only until it is answered; {days} days at the most.",
        "es": "Su mensaje, solo hasta que se contesta; {days} días como máximo.",
    },
    "kept_conversation": {
        "en": "A few notes so that the talk can go on, deleted {days} days after your last message.",
        "es": "Unas notas para poder seguir la conversación; se borran {days} días después de su último mensaje.",
    },
    "kept_counts": {
        "en": "How often each question was asked on a day, without who asked; {days} days.",
        "es": "Cuántas veces al día se hizo cada pregunta, sin quién la hizo; {days} días.",
    },
    "kept_gaps": {
        "en": "Questions that the line could not answer, without names and numbers; {days} days.",
        "es": "Preguntas que la línea no pudo contestar, sin nombres ni números; {days} días.",
    },
    "slow_down": {
        "en": "Your messages are coming fast. Please wait a moment.",
        "es": "Sus mensajes llegan muy rápido. Espere un momento.",
    },
    "welcome": {
        "en": "Welcome to the {name}. I am a program. Ask in your own words, in English or Spanish.",
        "es": "Esta es la {name}. Soy un programa. Pregunte con sus propias palabras, en español o en inglés.",
    },
    "group_hint": {
        "en": "In a group I answer only when you name me: {bot}.",
        "es": "En un grupo contesto solo si me menciona: {bot}.",
    },
    "which_language": {"en": "Which language would you like?", "es": "¿Qué idioma prefiere?"},
    "switched_en": {"en": "I will answer in English from now on.", "es": "Desde ahora contesto en inglés."},
    "switched_es": {"en": "I will answer in Spanish from now on.", "es": "Desde ahora contesto en español."},
    "forgotten": {
        "en": "Done. What this line kept about our talk is deleted.",
        "es": "Listo. Se borró lo que esta línea guardaba de nuestra conversación.",
    },
    "menu_intro": {
        "en": "What is it about? Pick a topic, or just write your question.",
        "es": "¿De qué se trata? Elija un tema, o escriba su pregunta.",
    },
    "topic_intro": {"en": "You can ask, for example:", "es": "Puede preguntar, por ejemplo:"},
    "nothing_to_repeat": {
        "en": "There is no answer to repeat yet. What would you like to know?",
        "es": "Todavía no hay una respuesta que repetir. ¿Qué quiere saber?",
    },
    "web_title": {"en": "{name}", "es": "{name}"},
    "web_intro": {"en": "People wrote every answer.", "es": "Personas escribieron cada respuesta."},
    "web_placeholder": {"en": "Write your question", "es": "Escriba su pregunta"},
    "web_send": {"en": "Send", "es": "Enviar"},
    "web_note": {
        "en": "Information, not legal advice. Not an emergency line.",
        "es": "Información, no asesoría legal. No es una línea de emergencia.",
    },
    "months": {"en": _MONTHS_EN.replace(" ", "\n"), "es": _MONTHS_ES.replace(" ", "\n")},
    "this_person": {"en": "this person", "es": "esta persona"},
    "this_state": {"en": "your state", "es": "su estado"},
    "command_start": {"en": "Start", "es": "Empezar"},
    "command_help": {"en": "What this line can do", "es": "Qué puede hacer esta línea"},
    "command_topics": {"en": "All topics", "es": "Todos los temas"},
    "command_language": {"en": "English or Spanish", "es": "Español o inglés"},
    "command_privacy": {"en": "What is kept and what is not", "es": "Qué se guarda y qué no"},
    "command_forget": {"en": "Delete what is kept about this chat", "es": "Borrar lo que se guarda de este chat"},
    "command_about": {"en": "Who runs this line", "es": "Quién está detrás de esta línea"},
    "bot_description": {
        "en": "Plain answers about second chances. Information, not legal advice. Not an emergency line.",
        "es": "Respuestas claras sobre segundas oportunidades. Información, no asesoría legal. No es para emergencias.",
    },
    "bot_short_description": {
        "en": "Plain answers about second chances, each with its source.",
        "es": "Respuestas claras sobre segundas oportunidades, con su fuente.",
    },
}
"""id -> language -> text, with the same `{blanks}` as in `content/phrases.yaml`. `months`: twelve lines."""

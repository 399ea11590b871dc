"""Patterns that tell an employer, a place or a post by the words around it."""

from __future__ import annotations

import re

from actions.job_search import words
from base.reading import MONTHS, NUMBERS

# What stands for itself.
KNOWN = re.compile(rf"(?:{words.words(words.COMPANIES)})(?![a-z0-9&'-])")
EMPLOYER = re.compile(rf"(?:{words.words(words.EMPLOYERS)})s?(?![a-z-])")
OF_A_PLACE = re.compile(words.OF_A_PLACE)
PLACE = re.compile(rf"(?:{words.words(words.PLACES)})(?![a-z-])")
TRADE = re.compile(words.TRADES)
POST = re.compile(rf"(?:{words.words(words.POSTS)})")
NO_POST = re.compile(words.NO_POSTS)
POST_ENDING = re.compile(rf"(?!{words.NO_POSTS}){words.POST_ENDINGS}(?![a-z-])")

# What leads to an employer, a place or a post.
POST_MARKER = re.compile(
    r"(?:comme\b(?! (?:reponse|d'habitude|prevu|convenu|toujours))|en tant qu(?:e |')|en qualite d(?:e |')|(?:pour |pr )?(?:un |le |du |une |la )?(?:poste|place|emploi|job) (?:de |d'|comme )|pour etre|pour devenir)"
)
FOR = re.compile(r"(?:pour|pr)\b(?: (?:un|une|le|la|du|les))?")
IN = re.compile(
    r"(?:chez|ches(?= )|aupres d(?:e la |u |es |e ))(?! (?:m(?:a|on|es|oi)|lui|elle|eux|nous|vous)\b)(?= |[a-z])"
)
TO = re.compile(r"(?:a la|a l'|au|aux|a|de la|de l'|de|du|d'|des|dans la|dans le|la|le|les|l')(?= |(?<=')|$)")
AT = re.compile(r"(?:a la|a l'|au|a) ?(?=[a-z])")
ONE = re.compile(r"(?:a |dans |chez |d'|de |pour |aupres d')?(?:un|une)\b")

# Where they end, and what goes on with them.
ENDS_COMPANY = re.compile(
    r"(?:comme|pour|pr|en|par|via|sur|avec|dans|aux|qui|que|ou|mais|et(?! (?:cie|fils|filles?|associes|freres|soeurs?)\b)|puis|poste|place|au|rep|rue|avenue|chemin|route|boulevard|quai|tjrs|ce|ds)(?![a-z'-])|en tant"
)
ENDS_POST = re.compile(
    r"(?:partout|chez|aupres|a la|a l'|au|aux|dans|par|via|sur(?! (?:machine|appel|rout))|mais|et|puis|ou|qui|avec|a|aussi|ds|demande|les?|pour les)(?![a-z'-])"
)
KIND_OF = re.compile(
    r"(?:prive|temporaire|dentaire|medical|veterinaire|juridique|immobili|familial|publi|bio|du coin|de quartier|scolaire|universitaire|municipal|communal|italien|chinois|japonais|indien|thai|libanais|portugais|specialis|d'interim|interim)[a-z]*|(?:de |d')(?:architecte|avocat|beaute|chauffage|chaussure|"
    r"coiffure|communication|comptab|construction|danse|demenagement|fleur|gestion|ingenieur|jouet|langue|location|maconnerie|massage|meuble|"
    r"musique|nettoyage|peinture|placement|restauration|securite|soin|sport|toiture|transport|velo|vetement|voyage)[a-z]*"
)
SOMEBODY = re.compile(rf" ?(?:(?:a|de|d'|au|aux) ?(?:{words.words(words.PLACES)})(?![a-z-])|cherch|qui cherch)")
APPLIED = re.compile(
    r"po+s+t+ul|envoy|ecri[st]|candidat|dossier|\bcv\b|lettre|contact|appel|telephon|\btel\b|\bmail|courrier|la place|le poste"
)
NOT_TO = re.compile(
    r"(?:plusieurs|beaucoup|nouveau|chaque|tou(?:s|t|te|tes)|une?|l[ae]s?|leurs?|mon|ma|mes|votre|temps|mi|plein|partir|cause|cote|propos|"
    r"annonce|offre|appel|accueil|adresse|poste|personne|[a-z]+er|[a-z]{1,2})(?![a-z])|[^a-z]"
)
"""What follows «envoyé à» and names no employer."""
SOME = re.compile(
    rf"(?:deux|trois|quatre|cinq|six|\d|plusieurs|des) (?:{words.words(words.EMPLOYERS)})s?(?: d'interim| de placement)?(?![a-z-])"
)
THROUGH = re.compile(r"\bvia (?:l'agence )?$")
SEVERAL = re.compile(r"\b(?:deux|trois|quatre|cinq|six|[2-6]|plusieurs) $")
REGIONAL = re.compile(r"(?:genevois|vaudois|lausannois|romand|suisse|international)e?s?(?![a-z-])")
WORD = re.compile(r"[^\s]+")
BLANK = re.compile(r"\s*")
POST_AFTER = re.compile(r"(?:poste|place|emploi|job|travail) (?:de |d'|dans (?:le |la |l')?)?")
ARTICLE = re.compile(r"\s*(?:un |une |le |la |l'|d'|de )?")
THE = re.compile(r"\s*(?:la |le |les |l')?(?!mobiliere|poste\b)")
WITH_ARTICLE = re.compile(r"la (?:poste|mobiliere)")
SEEN = re.compile(r"\bvue?s?\s*$")
THEIRS = re.compile(r"\b(?:mon|ma|mes|votre|vos|notre|leur|son|sa)\s+$")
PARTICLE = re.compile(r"(?:de la|de l'|du|des|de|d'|les|la|le|l'|chez|&|et)(?: |(?<='))")
OF_THE = frozenset({"de la", "du", "les", "des", "la"})
JOINING = frozenset({"de", "d'", "du", "en", "des", "la", "le", "au"})
TO_PLACE = re.compile(r"a (?=[a-z])")
LEADING = re.compile(
    r"(?:(?:(?:le|la|les|un|une|de|du|des|a|au|aux|et|en|par|dans|avec|pour|tous|toutes|tout|chez)(?![a-z'])|l')\s*)+"
)
NO_NAME = re.compile(rf"{words.NO_NAMES} ")
NUMBER_OR_MONTH = re.compile("|".join((*NUMBERS, *MONTHS, "sa|sarl|ag|gmbh|jour|semaine|mois|annee")))
AUXILIARY = re.compile(r" (?:a|ont|est|m'a|m'ont)\s*$")
TRAILING = re.compile(r"(?: (?:et|ou|puis|de|du|des|a|au|aux|chez|le|la|les|pour|comme|via|par|en|dans|sur|avec))+\s*$")
PROPER_NAME = re.compile(r"[A-ZÀ-Ý][\w'&.-]*(?: (?:(?:de |du |des |la |le |les |& )*[A-ZÀ-Ý][\w'&.-]*|& ?\w+))*")
NO_PROPER_NAME = re.compile(
    r"cv|cfc|rh|orp|oce|avs|cdi|cdd|rdv|ok|suisse|france|madame|monsieur|mme|mr|sinon|pour|hier|alors|apres|merci|dans|chez|bonjour|salut|"
    r"comme|depuis|cette|ensuite|puis|aujourd'hui|la|le|les|un|une|et|mais|candidature|postulation|demande|avec|sans|nouvelle|dernier|refus|voici|voila"
)
